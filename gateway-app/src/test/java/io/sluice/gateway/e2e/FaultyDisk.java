package io.sluice.gateway.e2e;

import java.nio.file.Path;

/** Compiles {@code src/test/native/faults.c}: a disk that fails, for one process. */
final class FaultyDisk {

    private FaultyDisk() {}

    /** A library for {@code LD_PRELOAD}. */
    static Path library(Path directory) {
        Path library = directory.resolve("faults.so");
        Path source = Needs.repository().resolve("gateway-app/src/test/native/faults.c");
        try (Peer compiler = Peer.start(
                "gcc",
                directory,
                Needs.compiler().toString(),
                "-Wall",
                "-Werror",
                "-shared",
                "-fPIC",
                "-O1",
                "-o",
                library.toString(),
                source.toString(),
                "-ldl",
                "-lpthread")) {
            if (compiler.awaitExit(Peer.PATIENCE) != 0) {
                throw new AssertionError(compiler.transcript());
            }
        }
        return library;
    }
}
