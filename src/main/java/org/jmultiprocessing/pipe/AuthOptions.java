package org.jmultiprocessing.pipe;

import java.time.Duration;
import java.util.Objects;

/**
 * How the two sides of a {@link Listener} and a {@link Client} make sure of each other. Immutable; each method gives a changed copy.
 *
 * <p>With a key both sides prove to each other that they have it, by CPython 3.12's challenge (HMAC-SHA-256; SHA-384 and SHA-3 as well where the
 * other side asks for them). The messages themselves are neither encrypted nor signed. Over a Unix socket the other process must also belong to
 * this user or to root, unless {@link #anyUser} says otherwise.
 */
public final class AuthOptions {
    private static final Duration USUAL_LIMIT = Duration.ofSeconds(20);

    private final byte[] key;
    private final boolean md5;
    private final boolean anyUser;
    private final Duration limit;

    private AuthOptions(byte[] key, boolean md5, boolean anyUser, Duration limit) {
        this.key = key;
        this.md5 = md5;
        this.anyUser = anyUser;
        this.limit = limit;
    }

    /** @return no key: who can connect is let in */
    public static AuthOptions none() {
        return new AuthOptions(null, false, false, USUAL_LIMIT);
    }

    /**
     * @param key what both sides have, copied; an empty one is a key too, null is none
     * @return with this key
     */
    public static AuthOptions key(byte[] key) {
        return new AuthOptions(key == null ? null : key.clone(), false, false, USUAL_LIMIT);
    }

    /**
     * Also speaks the challenge of Python 3.7 - 3.11, which knows MD5 only.
     *
     * @return with that allowed
     */
    public AuthOptions allowMd5() {
        return new AuthOptions(key, true, anyUser, limit);
    }

    /**
     * Lets processes of other users connect over a Unix socket (whose path they also need to be able to open).
     *
     * @return with that allowed
     */
    public AuthOptions anyUser() {
        return new AuthOptions(key, md5, true, limit);
    }

    /**
     * @param timeout how long the other side may take for its part of the challenge, 20 s unless set; null for ever
     * @return with this limit
     */
    public AuthOptions timeout(Duration timeout) {
        return new AuthOptions(key, md5, anyUser, timeout);
    }

    byte[] key() {
        return key;
    }

    boolean allowsMd5() {
        return md5;
    }

    boolean allowsAnyUser() {
        return anyUser;
    }

    Duration limit() {
        return limit;
    }

    /** @return the options, without the key */
    @Override
    public String toString() {
        return "AuthOptions[" + (key == null ? "no key" : "key") + (md5 ? ", MD5 allowed" : "") + (anyUser ? ", any user" : "")
                + ", " + Objects.requireNonNullElse(limit, "no limit") + "]";
    }
}
