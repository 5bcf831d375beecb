package io.sluice.adapter.modbus;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times in the layouts of devices, as text of ISO 8601: with {@code Z} where the layout says that it is UTC, else
 * without a zone, as the device's own clock shows it. Pure.
 */
enum DateTimeLayout {
    /** Seconds since 1970-01-01 UTC in 32 bits. */
    UNIX(2),
    /** Milliseconds since 1970-01-01 UTC in 64 bits. */
    UNIX_MS(4),
    /** Year, month, day, hour, minute and second in a register each; some devices begin with the second. */
    REGISTERS(6),
    /** Four registers as IEC 60870-5-4 packs them. */
    IEC870(4),
    /** Year of the century, month, day, hour, minute and second, two decimal digits each. */
    BCD(3),
    /** Year of the century, month, day, hour, minute and second, a byte each. */
    BYTES(3),
    /** Month, day, years since 1900, hour, minute and second, a byte each: as PowerLogic meters do. */
    POWERLOGIC(3),
    /** SIMATIC S7's DATE_AND_TIME: two decimal digits each, then three of milliseconds and the day of the week. */
    S7(4);

    private static final int CENTURY = 2000;

    private final int registers;

    DateTimeLayout(int registers) {
        this.registers = registers;
    }

    int registers() {
        return registers;
    }

    private boolean utc() {
        return this == UNIX || this == UNIX_MS;
    }

    /** The text, {@code null} if the registers hold no date and time. */
    @Nullable
    String decode(RegisterOrder order, byte[] bytes, int offset) {
        try {
            return switch (this) {
                case UNIX ->
                    Instant.ofEpochSecond(order.assemble(bytes, offset, 2)).toString();
                case UNIX_MS ->
                    Instant.ofEpochMilli(order.assemble(bytes, offset, 4)).toString();
                case REGISTERS -> registers(order, bytes, offset);
                case IEC870 -> iec870(bytes, offset);
                case BCD -> bcd(bytes, offset);
                case BYTES -> bytes(CENTURY, bytes, offset, 0, 1, 2);
                case POWERLOGIC -> bytes(1900, bytes, offset, 2, 0, 1);
                case S7 -> s7(bytes, offset);
            };
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String registers(RegisterOrder order, byte[] bytes, int offset) {
        int[] parts = new int[6];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = (int) order.assemble(bytes, offset + 2 * order.place(i, parts.length), 1);
        }
        int year = parts[0] < 100 ? CENTURY + parts[0] : parts[0];
        return text(LocalDateTime.of(year, parts[1], parts[2], parts[3], parts[4], parts[5]));
    }

    /** Six bytes, the last three of them hour, minute and second. */
    private static String bytes(int epoch, byte[] bytes, int offset, int year, int month, int day) {
        return text(LocalDateTime.of(
                epoch + (bytes[offset + year] & 0xFF),
                bytes[offset + month],
                bytes[offset + day],
                bytes[offset + 3],
                bytes[offset + 4],
                bytes[offset + 5]));
    }

    private static String s7(byte[] bytes, int offset) {
        int year = two(bytes[offset]);
        int millis = 10 * two(bytes[offset + 6]) + two((byte) (bytes[offset + 7] >> 4 & 0xF));
        return text(LocalDateTime.of(
                        (year < 90 ? CENTURY : 1900) + year,
                        two(bytes[offset + 1]),
                        two(bytes[offset + 2]),
                        two(bytes[offset + 3]),
                        two(bytes[offset + 4]),
                        two(bytes[offset + 5]))
                .plus(millis, ChronoUnit.MILLIS));
    }

    /** Year; month and day; hour and minute with the bit "invalid"; milliseconds of the minute (IEC 60870-5-4 as meters use it). */
    private static @Nullable String iec870(byte[] bytes, int offset) {
        boolean invalid = (bytes[offset + 5] & 0x80) != 0;
        int millis = Request.word(bytes, offset + 6);
        return invalid
                ? null
                : text(LocalDateTime.of(
                                CENTURY + (bytes[offset + 1] & 0x7F),
                                bytes[offset + 2] & 0x0F,
                                bytes[offset + 3] & 0x1F,
                                bytes[offset + 4] & 0x1F,
                                bytes[offset + 5] & 0x3F,
                                millis / 1000)
                        .plus(millis % 1000, ChronoUnit.MILLIS));
    }

    private static String bcd(byte[] bytes, int offset) {
        return text(LocalDateTime.of(
                CENTURY + two(bytes[offset]),
                two(bytes[offset + 1]),
                two(bytes[offset + 2]),
                two(bytes[offset + 3]),
                two(bytes[offset + 4]),
                two(bytes[offset + 5])));
    }

    private static int two(byte digits) {
        int high = digits >> 4 & 0xF;
        int low = digits & 0xF;
        if (high > 9 || low > 9) {
            throw new DateTimeException("no decimal digits");
        }
        return 10 * high + low;
    }

    private static String text(LocalDateTime time) {
        return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
    }

    /**
     * The registers that hold what {@link #decode} gives.
     *
     * @throws DoesNotFit if the text is no such date and time, or the layout cannot hold it
     */
    byte[] encode(RegisterOrder order, String text) throws DoesNotFit {
        byte[] bytes = new byte[2 * registers];
        try {
            switch (this) {
                case UNIX -> order.disassemble(unsigned32(Instant.parse(text).getEpochSecond()), bytes, 0, 2);
                case UNIX_MS -> order.disassemble(Instant.parse(text).toEpochMilli(), bytes, 0, 4);
                case REGISTERS -> putRegisters(order, LocalDateTime.parse(text), bytes);
                case IEC870 -> putIec870(LocalDateTime.parse(text), bytes);
                case BCD -> putBcd(LocalDateTime.parse(text), bytes);
                case BYTES -> putBytes(LocalDateTime.parse(text), CENTURY, bytes, 0, 1, 2);
                case POWERLOGIC -> putBytes(LocalDateTime.parse(text), 1900, bytes, 2, 0, 1);
                case S7 -> putS7(LocalDateTime.parse(text), bytes);
            }
        } catch (DateTimeParseException e) {
            throw new DoesNotFit("'" + text + "' is no date and time such as 2026-11-20T09:14:03" + (utc() ? "Z" : ""));
        }
        return bytes;
    }

    private static long unsigned32(long seconds) throws DoesNotFit {
        if (seconds < 0 || seconds > 0xFFFF_FFFFL) {
            throw new DoesNotFit("32 bits hold 1970-01-01T00:00:00Z to 2106-02-07T06:28:15Z");
        }
        return seconds;
    }

    private static int yearSince(int epoch, LocalDateTime time, int years) throws DoesNotFit {
        int year = time.getYear() - epoch;
        if (year < 0 || year >= years) {
            throw new DoesNotFit("the year must lie from " + epoch + " to " + (epoch + years - 1));
        }
        return year;
    }

    private static void putRegisters(RegisterOrder order, LocalDateTime time, byte[] bytes) {
        int[] parts = {
            time.getYear(),
            time.getMonthValue(),
            time.getDayOfMonth(),
            time.getHour(),
            time.getMinute(),
            time.getSecond()
        };
        for (int i = 0; i < parts.length; i++) {
            order.disassemble(parts[i], bytes, 2 * order.place(i, parts.length), 1);
        }
    }

    private static void putBytes(LocalDateTime time, int epoch, byte[] bytes, int year, int month, int day)
            throws DoesNotFit {
        bytes[year] = (byte) yearSince(epoch, time, 256);
        bytes[month] = (byte) time.getMonthValue();
        bytes[day] = (byte) time.getDayOfMonth();
        bytes[3] = (byte) time.getHour();
        bytes[4] = (byte) time.getMinute();
        bytes[5] = (byte) time.getSecond();
    }

    private static void putS7(LocalDateTime time, byte[] bytes) throws DoesNotFit {
        putBcd((90 + yearSince(1990, time, 100)) % 100, time, bytes);
        int millis = time.getNano() / 1_000_000;
        bytes[6] = digits(millis / 10);
        // Sunday is the first day of the week there.
        bytes[7] = (byte) (millis % 10 << 4 | time.getDayOfWeek().getValue() % 7 + 1);
    }

    private static void putIec870(LocalDateTime time, byte[] bytes) throws DoesNotFit {
        Request.putWord(bytes, 0, yearSince(CENTURY, time, 128));
        Request.putWord(bytes, 2, time.getMonthValue() << 8 | time.getDayOfMonth());
        Request.putWord(bytes, 4, time.getHour() << 8 | time.getMinute());
        Request.putWord(bytes, 6, 1000 * time.getSecond() + time.getNano() / 1_000_000);
    }

    private static void putBcd(LocalDateTime time, byte[] bytes) throws DoesNotFit {
        putBcd(yearSince(CENTURY, time, 100), time, bytes);
    }

    private static void putBcd(int year, LocalDateTime time, byte[] bytes) {
        int[] parts = {
            year, time.getMonthValue(), time.getDayOfMonth(), time.getHour(), time.getMinute(), time.getSecond()
        };
        for (int i = 0; i < parts.length; i++) {
            bytes[i] = digits(parts[i]);
        }
    }

    private static byte digits(int number) {
        return (byte) (number / 10 << 4 | number % 10);
    }
}
