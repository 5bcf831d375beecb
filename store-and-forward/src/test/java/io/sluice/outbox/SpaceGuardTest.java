package io.sluice.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How much of a disk the outbox takes. */
class SpaceGuardTest {

    private static final long MIB = 1 << 20;
    private static final long WELL = 100_000 * MIB;

    private static SpaceGuard guard(long minFreeMebibytes) {
        return new SpaceGuard(new OutboxSettings(
                Path.of("."),
                512 * MIB,
                Optional.empty(),
                minFreeMebibytes * MIB,
                Duration.ZERO,
                OutboxSettings.WhenFull.DROP_OLDEST,
                4 * MIB));
    }

    @Test
    void takesAllThatIsAllowedWhereThereIsRoom() {
        SpaceGuard guard = guard(256);
        guard.look(MIB, WELL, WELL);
        assertThat(guard.limitBytes()).isEqualTo(512 * MIB);
        assertThat(guard.checkpointBytes()).isEqualTo(8 * MIB);
    }

    @Test
    void usesWhatTheFileHoldsWhereLessThanMinFreeIsLeftAndGrowsAgainWhenThereIsRoom() {
        SpaceGuard guard = guard(256);
        guard.look(100 * MIB, 255 * MIB, WELL);
        assertThat(guard.limitBytes()).isEqualTo(80 * MIB);
        guard.look(100 * MIB, 257 * MIB, WELL);
        assertThat(guard.limitBytes()).isEqualTo(512 * MIB);
    }

    @Test
    void leavesItselfRoomForTheWalWhateverMinFreeSays() {
        SpaceGuard guard = guard(0);
        guard.look(100 * MIB, 17 * MIB, WELL);
        assertThat(guard.limitBytes()).isEqualTo(512 * MIB);
        guard.look(100 * MIB, 15 * MIB, WELL);
        assertThat(guard.limitBytes()).isEqualTo(80 * MIB);
    }

    @Test
    void holdsAQuarterOfASmallDiskBackAndNoMore() {
        SpaceGuard guard = guard(0);
        guard.look(MIB, 2 * MIB, 4 * MIB);
        assertThat(guard.limitBytes()).isEqualTo(512 * MIB);
        guard.look(2 * MIB, MIB - 1, 4 * MIB);
        assertThat(guard.limitBytes()).isEqualTo(2 * MIB / 5 * 4);
    }

    @Test
    void emptiesTheWalTheSoonerTheLessIsFree() {
        SpaceGuard guard = guard(0);
        guard.look(MIB, 4 * MIB, 4 * MIB);
        assertThat(guard.checkpointBytes()).isEqualTo(MIB / 2);
        guard.look(MIB, 0, 4 * MIB);
        assertThat(guard.checkpointBytes()).isEqualTo(64 << 10);
    }

    @Test
    void takesBackWhatTheFileGrewByWhileSpaceIsScarceInsteadOfFollowingIt() {
        SpaceGuard guard = guard(256);
        guard.look(100 * MIB, 200 * MIB, WELL);
        guard.look(110 * MIB, 190 * MIB, WELL);
        assertThat(guard.limitBytes()).isEqualTo(70 * MIB);
        guard.look(110 * MIB, 190 * MIB, WELL);
        assertThat(guard.limitBytes()).isEqualTo(70 * MIB);
    }
}
