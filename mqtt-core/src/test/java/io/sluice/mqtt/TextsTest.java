package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be sent as a string. */
class TextsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?",
                "a/b?",
                "\u007F",
                "\u0080",
                "\u00E9?",
                "\u4E2D",
                "\uD83D\uDE00",
                "?\uD83D\uDE00",
                "\uFFFD"
            })
    void anythingThatCanBeEncodedIsTaken(String text) {
        assertThat(Texts.problemOf(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD800", "?\uD800", "a\uDC00", "\uDC00\uD800", "\u00E9\uD800?"})
    void halfOfASurrogatePairIsRefusedBesideAQuestionMarkToo(String text) {
        assertThat(Texts.problemOf(text)).isEqualTo("contains half of a surrogate pair");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "a\u0000", "?\u0000", "\u00E9\u0000"})
    void theCharacterZeroIsRefused(String text) {
        assertThat(Texts.problemOf(text)).isEqualTo("contains the character U+0000");
    }

    @Test
    void moreThan65535BytesAreRefusedHoweverManyCharactersTheyAre() {
        assertThat(Texts.problemOf("a".repeat(65_535))).isEmpty();
        assertThat(Texts.problemOf("a".repeat(65_536))).isEqualTo("is longer than 65,535 bytes");
        assertThat(Texts.problemOf("\u4E2D".repeat(21_845))).isEmpty();
        assertThat(Texts.problemOf("\u4E2D".repeat(21_846))).isEqualTo("is longer than 65,535 bytes");
    }
}
