package io.sluice.adapter.modbus;

import java.time.Duration;
import java.util.Optional;

/** Where and how a device, or the bus that it hangs on, is reached. */
sealed interface Endpoint {

    /** For messages: {@code 10.0.0.12:502}. */
    String describe();

    /** Everything that two devices must have in common to share a line; timeout and pause are a device's own. */
    String line();

    /** How long a reply, or a connection, may take. */
    Duration timeout();

    /** How long the line rests between a reply and the next request. */
    Duration pause();

    private static String hostAndPort(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** Modbus TCP with its MBAP header. */
    record Tcp(String host, int port, Duration timeout, Duration pause) implements Endpoint {
        @Override
        public String describe() {
            return hostAndPort(host, port);
        }

        @Override
        public String line() {
            return "tcp " + describe();
        }
    }

    /** RTU frames, with CRC and without transaction id, over a TCP socket: a transparent serial server. */
    record RtuOverTcp(String host, int port, Duration timeout, Duration pause) implements Endpoint {
        @Override
        public String describe() {
            return hostAndPort(host, port);
        }

        @Override
        public String line() {
            return "rtu-over-tcp " + describe();
        }
    }

    /** Modbus TCP's frames in datagrams. */
    record Udp(String host, int port, Duration timeout, Duration pause) implements Endpoint {
        @Override
        public String describe() {
            return hostAndPort(host, port);
        }

        @Override
        public String line() {
            return "udp " + describe();
        }
    }

    /** Modbus/TCP Security. */
    record Secure(String host, int port, Tls tls, Duration timeout, Duration pause) implements Endpoint {
        @Override
        public String describe() {
            return hostAndPort(host, port);
        }

        @Override
        public String line() {
            return "tls " + describe() + " " + tls;
        }
    }

    /** RTU or ASCII over a serial line. */
    record Serial(
            String port,
            int baud,
            SerialFormat format,
            boolean ascii,
            Optional<Rs485> rs485,
            Duration timeout,
            Duration pause)
            implements Endpoint {
        @Override
        public String describe() {
            return port;
        }

        @Override
        public String line() {
            return String.join(" ", port, baud + "", format.toString(), ascii ? "ascii" : "rtu", rs485.toString());
        }
    }
}
