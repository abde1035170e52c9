package org.jmultiprocessing.internal.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jmultiprocessing.errors.EndOfStreamException;
import org.jmultiprocessing.internal.ffi.Binding;
import org.jmultiprocessing.internal.os.Fd;
import org.jmultiprocessing.pipe.Connection;
import org.jmultiprocessing.pipe.Pipe;
import org.jmultiprocessing.process.Process;

/** A process of a tree that does what it is told: the root by lines of its stdin, the others over a connection to their parent. */
public final class TreeProcess {
    private static final List<Connection> CHILDREN = new ArrayList<>();

    private TreeProcess() { }

    /** Runs until stdin ends. */
    public static void main(String[] args) throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals("return")) {
                return;
            }
            System.out.println(act(line));
        }
    }

    /** What a child runs. */
    public static void serve(Connection parent) throws InterruptedException {
        try {
            for (String line = (String) parent.recv(); !line.equals("return"); line = (String) parent.recv()) {
                parent.send(act(line));
            }
        } catch (EndOfStreamException parentIsGone) {
            // Its life line ends this process.
            Thread.currentThread().join();
        }
    }

    private static String act(String line) throws InterruptedException {
        String[] words = line.split(" ", 2);
        String rest = words.length > 1 ? words[1] : "";
        try {
            return act(words[0], rest);
        } catch (RuntimeException e) {
            return e.toString().replace('\n', ' ');
        }
    }

    private static String act(String verb, String rest) throws InterruptedException {
        Tree tree = Tree.current();
        switch (verb) {
            case "id":
                return tree.id();
            case "pid":
                return Long.toString(ProcessHandle.current().pid());
            case "self":
                return Long.toString(tree.members().self());
            case "count":
                return Integer.toString(tree.members().count());
            case "watched":
                return Boolean.toString(tree.members().watched());
            case "trouble":
                return tree.trouble();
            case "refresh":
                tree.members().refresh();
                return "";
            case "state":
                return state(tree.members(), Long.parseLong(rest));
            case "random":
                Names.registerRandom(rest);
                return create(rest);
            case "chosen":
                Names.registerChosen(rest);
                String created = create(rest);
                if (created.isEmpty()) {
                    try (Fd fd = Fd.lasting(Binding.posix().sharedOpen(name(rest)), rest)) {
                        Names.confirm(rest, fd);
                    }
                } else {
                    Names.withdraw(rest);
                }
                return created;
            case "announced":
                Names.registerChosen(rest);
                return "";
            case "unregister":
                Names.unregister(rest);
                return "";
            case "foreign":
                return Long.toString(Tree.of(rest).members().self());
            case "foreign-state":
                String[] of = rest.split(" ");
                return state(Tree.of(of[0]).members(), Long.parseLong(of[1]));
            case "exit":
                System.exit(Integer.parseInt(rest));
                return "";
            case "child":
                Pipe pipe = Pipe.duplex();
                Process.builder(TreeProcess::serve, pipe.second()).daemon(true).build().start();
                pipe.second().close();
                CHILDREN.add(pipe.first());
                return Integer.toString(CHILDREN.size() - 1);
            case "to":
                String[] parts = rest.split(" ", 2);
                Connection child = CHILDREN.get(Integer.parseInt(parts[0]));
                child.send(parts[1]);
                try {
                    return (String) child.recv();
                } catch (EndOfStreamException ended) {
                    return "ended";
                }
            default:
                throw new IllegalArgumentException(verb);
        }
    }

    private static String state(Members members, long id) {
        return !members.isGone(id) ? "alive" : members.hasDied(id) ? "died" : "left";
    }

    private static byte[] name(String plain) {
        return ("/" + plain + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private static String create(String plain) {
        int fd = Binding.posix().sharedCreate(name(plain));
        if (fd < 0) {
            return Binding.posix().errnoName(-fd);
        }
        Binding.posix().close(fd);
        return "";
    }
}
