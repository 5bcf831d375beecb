package io.sluice.gateway.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What {@code Workload} processes say of themselves, one after another, over a socket: what they were about to append, and
 * what they knew to be committed. What they said before they were killed has arrived; a machine that was cut may have
 * kept its last words to itself.
 */
final class Claims implements AutoCloseable {

    /** One process. */
    final class Run implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;
        private final String epoch;
        private final Thread reader;
        private volatile long lastCommitted;
        private volatile boolean drained;

        private Run(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String first = in.readLine();
            if (first == null) {
                throw new IOException("the process ended before its outbox was open");
            }
            this.epoch = first.substring(2);
            this.reader = Thread.ofPlatform().name("claims").unstarted(this::read);
        }

        String epoch() {
            return epoch;
        }

        /** @param pauseMillis longest pause between two groups */
        void go(int pauseMillis) {
            lastRunsFirst = nextNumber;
            order("go %d %d".formatted(nextNumber, pauseMillis));
        }

        void drain() {
            order("drain");
        }

        private void order(String text) {
            try {
                socket.getOutputStream().write((text + "\n").getBytes(StandardCharsets.US_ASCII));
                reader.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void read() {
            try {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    said(line.split(" "));
                }
            } catch (IOException e) {
                return; // it was killed
            }
        }

        private void said(String[] word) {
            switch (word[0]) {
                case "a" -> appended(Long.parseLong(word[1]), Long.parseLong(word[2]));
                case "c" -> {
                    lastCommitted = Long.parseLong(word[2]);
                    committed(Long.parseLong(word[1]), lastCommitted);
                }
                case "d" -> drained = true;
                default -> {} // u: neither claimed nor denied
            }
        }

        long lastCommitted() {
            return lastCommitted;
        }

        boolean isDrained() {
            return drained;
        }

        /** Waits until all that it said has been heard. After its end. */
        void awaitEnd() {
            try {
                reader.join(10_000);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Between the numbers of two processes, whatever the first had no time to say. */
    private static final long GAP = 100_000;

    private final ServerSocket server;
    private final Set<Long> appended = new HashSet<>();
    private final Set<Long> committed = new HashSet<>();
    private volatile long nextNumber = 1;
    private volatile long lastRunsFirst = 1;

    Claims() {
        try {
            server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** Waits for the next process. */
    Run accept(Duration limit) throws IOException {
        server.setSoTimeout((int) limit.toMillis());
        return new Run(server.accept());
    }

    /** Where the numbers of the last process that appended begin. */
    long lastRunsFirst() {
        return lastRunsFirst;
    }

    private synchronized void appended(long first, long last) {
        for (long n = first; n <= last; n++) {
            appended.add(n);
        }
        nextNumber = last + GAP;
    }

    private synchronized void committed(long first, long last) {
        for (long n = first; n <= last; n++) {
            committed.add(n);
        }
    }

    /** Whether the number was announced before it was appended. */
    synchronized boolean wasAppended(long number) {
        return appended.contains(number);
    }

    synchronized List<Long> committed() {
        return new ArrayList<>(committed);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
