package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/wire-format.md shows is true. */
class WireFormatPageTest {

    private static final Path PAGE = Path.of("../docs/wire-format.md");

    private static List<String> blocks(String language) throws IOException {
        String page = Files.readString(PAGE);
        List<String> blocks = new ArrayList<>();
        var matcher = Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(page);
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    private static List<Message> examples() throws Exception {
        List<Message> messages = new ArrayList<>();
        for (String block : blocks("json")) {
            messages.add(JsonCodec.decode(block.getBytes(StandardCharsets.UTF_8)));
        }
        return messages;
    }

    @Test
    void showsJsonThatIsReadAndWrittenAgainAsItStandsThere() throws Exception {
        for (String block : blocks("json")) {
            Message message = JsonCodec.decode(block.getBytes(StandardCharsets.UTF_8));
            String written = new String(JsonCodec.encode(message, _ -> null), StandardCharsets.UTF_8);

            assertThat(written).isEqualTo(block.replaceAll("\\n *", ""));
        }
    }

    @Test
    void showsEveryKindInJson() throws Exception {
        assertThat(examples().stream()
                        .map(message -> JsonKind.of(message.body()))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(Stream.of(JsonKind.values())
                        .filter(kind -> kind != JsonKind.UNKNOWN)
                        .toList());
    }

    @Test
    void decodesTheGoldenVectorByHandByteForByte() throws Exception {
        String digits = blocks("hex").getFirst().replaceAll("#.*", "").replaceAll("\\s", "");

        assertThat(HexFormat.of().parseHex(digits))
                .isEqualTo(Files.readAllBytes(GoldenVectors.DIRECTORY.resolve("batch-one-float.bin")));
    }

    @Test
    void listsOurCodesWithTheirNumbers() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(Arrays.stream(Status.SluiceCode.values()).map(code -> "| " + code.number() + " | `" + code + "` |"))
                .allSatisfy(row -> assertThat(page).contains(row));
    }

    @Test
    void namesEveryReasonOfALoss() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(Arrays.stream(Message.LossReason.values())
                        .filter(reason -> reason != Message.LossReason.UNSPECIFIED)
                        .map(reason -> "`" + JsonText.name(reason) + "`"))
                .allSatisfy(name -> assertThat(page).contains(name));
    }
}
