package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenVectorsTest {

    static Set<String> names() {
        return GoldenVectors.messages().keySet();
    }

    private static byte[] read(String file) throws IOException {
        return Files.readAllBytes(GoldenVectors.DIRECTORY.resolve(file));
    }

    private static Message expected(String name) {
        return java.util.Objects.requireNonNull(GoldenVectors.messages().get(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void readsTheFrozenBytesAndWritesThemAgain(String name) throws Exception {
        byte[] bytes = read(name + ".bin");

        assertThat(ProtobufCodec.decode(bytes)).isEqualTo(expected(name));
        assertThat(ProtobufCodec.encode(ProtobufCodec.decode(bytes))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @MethodSource("names")
    void writesTheFrozenJsonOfTheFrozenBytes(String name) throws Exception {
        Message message = ProtobufCodec.decode(read(name + ".bin"));

        assertThat(text(JsonCodec.encode(message, GoldenVectors.names().of(message))))
                .isEqualTo(text(read(name + ".json")));
    }

    @ParameterizedTest
    @MethodSource("names")
    void readsTheFrozenJsonAndWritesItAgain(String name) throws Exception {
        byte[] json = read(name + ".json");
        Message message = JsonCodec.decode(json);

        assertThat(message.body().getClass()).isEqualTo(expected(name).body().getClass());
        assertThat(text(JsonCodec.encode(message, _ -> null))).isEqualTo(text(json));
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    @Test
    void holdsAVectorForEveryKindOfBody() {
        assertThat(GoldenVectors.messages().values().stream()
                        .map(message -> JsonKind.of(message.body()))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(Stream.of(JsonKind.values())
                        .filter(kind -> kind != JsonKind.UNKNOWN)
                        .toList());
    }

    @Test
    void knowsEveryFileInTheDirectory() throws IOException {
        try (Stream<Path> files = Files.list(GoldenVectors.DIRECTORY)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    Stream.of("README.md"),
                                    names().stream().flatMap(name -> Stream.of(name + ".bin", name + ".json")))
                            .toList());
        }
    }
}
