package org.jmultiprocessing.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.errors.OsException;
import org.jmultiprocessing.internal.os.Deadline;
import org.jmultiprocessing.internal.wire.ObjectCodec;
import org.jmultiprocessing.internal.wire.Trust;
import org.jmultiprocessing.internal.wire.WireInput;
import org.jmultiprocessing.internal.wire.WireOutput;
import org.jmultiprocessing.pipe.AuthOptions;
import org.jmultiprocessing.pipe.Client;
import org.jmultiprocessing.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever bytes a client sends, nothing but what it may call is called, and the server goes on. */
@Timeout(120)
class FuzzTest {
    private static final byte[] KEY = {7, 7, 7};
    private static final long SEED = Long.getLong("jmultiprocessing.test.seed", 20_240_817L);
    private static final int ROUNDS = 3_000;

    private static volatile boolean touched;

    private final ObjectCodec codec = new ObjectCodec(Trust.OWN_TREE, null);
    private Manager server;
    private Manager client;
    private Channel channel;
    private Channel control;

    /** Notices that it is rebuilt. */
    static final class Trap implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            touched = true;
            in.defaultReadObject();
        }
    }

    /** Notices that it is called. */
    interface Harmless {
        int number();
    }

    static final class Dangerous implements Harmless {
        @Override
        public int number() {
            return 1;
        }

        public void run() {
            touched = true;
        }

    }

    static Object touch(Object argument) {
        touched = true;
        return argument;
    }

    @BeforeEach
    void start() throws Exception {
        touched = false;
        server = Manager.builder().register(Harmless.class, Dangerous::new).serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), KEY);
        client = Manager.connect(server.address(), KEY);
        channel = callsChannel();
    }

    @AfterEach
    void stop() {
        channel.close();
        control.close();
        client.close();
        server.close();
        assertFalse(touched);
    }

    /** A second session of this test's own, with a connection for calls. */
    private Channel callsChannel() throws Exception {
        Route route = new Route(server.address(), KEY, null, false);
        control = route.connect();
        control.begin().writeByte(Protocol.CONTROL);
        control.send();
        long session = control.receive(Deadline.NEVER).readLong();
        Channel calls = route.connect();
        WireOutput out = calls.begin();
        out.writeByte(Protocol.CALLS);
        out.writeLong(session);
        out.writeInt(1);
        calls.send();
        return calls;
    }

    private void reconnect() throws Exception {
        channel.close();
        control.close();
        channel = callsChannel();
    }

    private int send(byte[] message) throws Exception {
        WireOutput out = channel.begin();
        out.write(message, 0, message.length);
        channel.send();
        return channel.receive(Deadline.after(Duration.ofSeconds(30))).readByte() & ~Protocol.CROWDED;
    }

    private static byte[] message(long object, long method, Object... arguments) {
        return message(new ObjectCodec(Trust.OWN_TREE, null), object, method, arguments);
    }

    private static byte[] message(ObjectCodec codec, long object, long method, Object... arguments) {
        WireOutput out = new WireOutput(Route.carrier(false));
        out.writeVar(object);
        out.writeVar(method);
        out.writeVar(1);
        out.writeByte(arguments.length);
        for (Object argument : arguments) {
            out.writeByte(Protocol.VALUE);
            codec.encode(argument, out, null);
        }
        return Arrays.copyOf(out.array(), out.length());
    }

    @Test
    void functionsAndObjectsAreRefused() throws Exception {
        ServerFunction<Object, Object> function = FuzzTest::touch;
        Task task = () -> touch(null);
        assertEquals(Protocol.OBJECT, send(message(0, Desk.CREATE, Kind.VALUE.ordinal(), 1)));
        for (long object = 1; object < 4; object++) {
            assertEquals(Protocol.FAILURE, send(message(object, ValueReferent.UPDATE, function)));
            assertEquals(Protocol.FAILURE, send(message(object, ValueReferent.SET, new Trap())));
        }
        assertEquals(Protocol.FAILURE, send(message(0, Desk.CREATE, Kind.BARRIER.ordinal(), 1, task)));
        assertEquals(Protocol.FAILURE, send(message(0, Desk.CREATE, Kind.LIST.ordinal(), new Trap())));
        assertEquals(Protocol.FAILURE, send(message(0, Desk.STOP)));
        assertEquals(Protocol.FAILURE, send(message(0, Desk.ADOPT, 1L, 1L)));
        assertEquals(Protocol.FAILURE, send(message(0, 77)));
        assertEquals("[1]", client.list(List.of(1)).toString());
    }

    @Test
    void everyMethodNumberOfAnOwnObjectIsTried() throws Exception {
        assertEquals(Protocol.OBJECT, send(message(0, Desk.CREATE_OWN, Harmless.class.getName())));
        int values = 0;
        for (long object = 0; object < 5; object++) {
            for (long method = 0; method < 300; method++) {
                values += send(message(object, method)) == Protocol.VALUE ? 1 : 0;
            }
        }
        assertTrue(values >= 2, values + " calls succeeded");
    }

    @Test
    void randomAndMutatedMessagesDoNoHarm() throws Exception {
        Random random = new Random(SEED);
        byte[][] seeds = {
            message(0, Desk.CREATE, Kind.DICT.ordinal(), null), message(0, Desk.CREATE, Kind.LIST.ordinal(), List.of(1, "two")),
            message(0, Desk.CREATE, Kind.QUEUE.ordinal(), 3), message(0, Desk.CREATE_OWN, Harmless.class.getName()),
            message(1, DictReferent.PUT, "key", new Trap()),
            message(1, DictReferent.COMPUTE, "key", (ServerFunction<Object, Object>) FuzzTest::touch),
            message(2, ListReferent.ADD_AT, 0, List.of(1, List.of(2))), message(3, QueueReferent.TAKE, 0L),
            message(0, Desk.HAND_OUT, 1L), message(4, 1), message(1, DictReferent.SNAPSHOT),
        };
        int answers = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = seeds[random.nextInt(seeds.length)].clone();
            if (random.nextInt(4) == 0) {
                bytes = new byte[random.nextInt(60)];
                random.nextBytes(bytes);
            } else {
                for (int changes = random.nextInt(5); changes > 0; changes--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                bytes = Arrays.copyOf(bytes, random.nextInt(8) == 0 ? random.nextInt(bytes.length + 1) : bytes.length);
            }
            try {
                WireOutput out = control.begin();
                out.writeByte(Protocol.CANCEL);
                out.writeVar(1);
                out.writeVar(answers + 1);
                WireOutput call = channel.begin();
                call.write(bytes, 0, bytes.length);
                channel.send();
                control.send();
                channel.receive(Deadline.after(Duration.ofSeconds(30)));
                answers++;
            } catch (EndOfStreamException | OsException e) {
                reconnect();
                answers = 0;
            }
        }
        assertFalse(touched);
        assertEquals("[1]", client.list(List.of(1)).toString());
    }

    @Test
    void strangersReachNothing() throws Exception {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            try (FdTransport stranger = FdTransport.of(Client.connect(server.address(), AuthOptions.none(), null), "stranger")) {
                Channel bytes = new Channel(stranger, Route.carrier(false), 1 << 16);
                if (random.nextBoolean()) {
                    bytes.receive(Deadline.after(Duration.ofSeconds(30)));
                }
                byte[] noise = random.nextInt(3) == 0 ? message(codec, 0, Desk.CREATE, Kind.LIST.ordinal(), new Trap())
                        : new byte[random.nextInt(400)];
                if (noise.length > 0 && noise[0] == 0 && random.nextBoolean()) {
                    random.nextBytes(noise);
                }
                if (random.nextBoolean()) {
                    WireOutput out = bytes.begin();
                    out.write(noise, 0, noise.length);
                    bytes.send();
                } else {
                    stranger.write(noise, 0, noise.length);
                }
                if (random.nextInt(4) == 0) {
                    assertNoAnswer(bytes);
                }
            }
        }
        assertEquals("[1]", client.list(List.of(1)).toString());
    }

    /** After the challenge nothing but an empty message comes, or the end, or it still waits for the rest. */
    private static void assertNoAnswer(Channel bytes) throws InterruptedException {
        try {
            WireInput in = bytes.receive(Deadline.after(Duration.ofMillis(50)));
            if (in.remaining() == 37) {
                in = bytes.receive(Deadline.after(Duration.ofMillis(50)));
            }
            assertEquals(0, in.remaining());
        } catch (EndOfStreamException | OsException | TimeoutException e) {
            return;
        }
    }

    @Test
    void announcedLengthsTakeNoMemory() throws Exception {
        WireOutput out = new WireOutput(Route.carrier(false));
        out.writeInt(200_000_000);
        try (FdTransport stranger = FdTransport.of(Client.connect(server.address(), AuthOptions.none(), null), "stranger")) {
            stranger.write(out.array(), 0, out.length());
            byte[] answer = new byte[100];
            int count = stranger.read(answer, 0, answer.length, Deadline.NEVER);
            while (count > 0) {
                count = stranger.read(answer, 0, answer.length, Deadline.NEVER);
            }
        }
        assertThrows(RuntimeException.class, () -> client.lookUp("nothing"));
    }
}
