package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Problems;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.CodeSpace;
import io.sluice.telemetry.Status.Quality;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Patterns while a Session stands. */
class FollowingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SELDOM = Duration.ofHours(1);
    private static final Duration OFTEN = Duration.ofMillis(200);
    private static final Status GONE = new Status(Quality.BAD, CodeSpace.OPCUA, (int) StatusCodes.Bad_NodeIdUnknown);

    @TempDir
    Path state;

    private static TagAddress.Pattern pattern(String path) {
        return new AddressParser(Map.of("t", MiloServer.NAMESPACE), new Problems())
                .pattern(path, new Mark("press.yaml", 1, 1))
                .orElseThrow();
    }

    private static OpcUaPlan.Item place(String path) {
        return Bench.item("all", pattern(path));
    }

    private static OpcUaPlan.Item polled(OpcUaPlan.Item item, Duration interval) {
        return ItemBuilder.of(item.name(), item.address()).poll(interval).item();
    }

    private static Value signed(int value) {
        return new Value.Signed(value);
    }

    private static int tag(Bench bench, String name) {
        return bench.sink.names.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is none of " + bench.sink.names))
                .getKey();
    }

    private static boolean isGone(Bench bench, String name) {
        return GONE.equals(
                Objects.requireNonNull(bench.sink.last(tag(bench, name))).status());
    }

    @Test
    void aServerThatTellsOfItsChangesIsSearchedWhenItDoesAndNeighboursDoNotNotice() throws Exception {
        try (NodeOpcua server = NodeOpcua.start(state)) {
            server.grow("Line", "A", 1);
            server.grow("Line", "B", 2);
            OpcUaPlan plan = Bench.following(
                    server.endpoint(), place("/Objects/t:Test/t:Line/*"), 3, SELDOM, Bench.node("Count"));
            try (Bench bench = new Bench(plan, state, Timings.DEFAULT)) {
                await().atMost(PATIENCE).until(() -> signed(2).equals(bench.sink.lastValue("all.B")));
                int neighbours = bench.sink.values(0).size();
                Thread changing = Thread.ofVirtual().start(() -> growAndFell(server, bench));
                List<Value> counted =
                        server.count(40).stream().<Value>map(Value.Signed::new).toList();
                changing.join();
                await().untilAsserted(
                                () -> assertThat(bench.sink.values(0).stream().skip(neighbours))
                                        .containsExactlyElementsOf(counted));
                assertThat(bench.sink.names.values()).containsExactlyInAnyOrder("all.A", "all.B", "all.C");
                assertThat(bench.sink.values(tag(bench, "all.A"))).containsExactly(signed(1), signed(11));
                assertThat(bench.sink.values(tag(bench, "all.B"))).containsExactly(signed(2));
                assertThat(bench.sink.states).containsExactly("connecting", "online");
                assertThat(bench.sink.losses).isEmpty();
                assertThat(bench.bugs).isEmpty();
                assertThat(server.sessions()).isEqualTo(1);
            }
        }
    }

    private static void growAndFell(NodeOpcua server, Bench bench) {
        try {
            server.grow("Line", "C", 3);
            await().atMost(PATIENCE).until(() -> signed(3).equals(bench.sink.lastValue("all.C")));
            server.fell("Line", "A");
            await().atMost(PATIENCE).until(() -> isGone(bench, "all.A"));
            server.grow("Line", "D", 4); // beyond the limit
            server.grow("Line", "A", 11);
            await().atMost(PATIENCE).until(() -> signed(11).equals(bench.sink.lastValue("all.A")));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void oneThatDoesNotTellIsSearchedAtIntervals() throws Exception {
        try (NodeOpcua server = NodeOpcua.start(state)) {
            server.grow("Quiet", "A", 1);
            OpcUaPlan plan = Bench.following(server.endpoint(), place("/Objects/t:Test/t:Quiet/*"), 10, OFTEN);
            try (Bench bench = new Bench(plan, state, Timings.DEFAULT)) {
                await().atMost(PATIENCE).until(() -> signed(1).equals(bench.sink.lastValue("all.A")));
                server.grow("Quiet", "B", 2);
                await().atMost(PATIENCE).until(() -> signed(2).equals(bench.sink.lastValue("all.B")));
                server.fell("Quiet", "A");
                await().atMost(PATIENCE).until(() -> isGone(bench, "all.A"));
                server.grow("Quiet", "A", 3);
                await().atMost(PATIENCE).until(() -> signed(3).equals(bench.sink.lastValue("all.A")));
                assertThat(bench.sink.states).containsExactly("connecting", "online");
                assertThat(server.sessions()).isEqualTo(1);
            }
        }
    }

    @Test
    void polledTagsComeAndGoToo() throws Exception {
        try (NodeOpcua server = NodeOpcua.start(state)) {
            server.grow("Quiet", "A", 1);
            server.grow("Quiet", "B", 2);
            OpcUaPlan plan = Bench.following(
                    server.endpoint(), polled(place("/Objects/t:Test/t:Quiet/*"), Duration.ofMillis(50)), 10, OFTEN);
            try (Bench bench = new Bench(plan, state, Timings.DEFAULT)) {
                await().atMost(PATIENCE).until(() -> signed(2).equals(bench.sink.lastValue("all.B")));
                server.fell("Quiet", "A");
                await().atMost(PATIENCE).until(() -> isGone(bench, "all.A"));
                server.grow("Quiet", "C", 3);
                await().atMost(PATIENCE).until(() -> signed(3).equals(bench.sink.lastValue("all.C")));
                int before = bench.sink.values(tag(bench, "all.B")).size();
                await().until(() -> bench.sink.values(tag(bench, "all.B")).size() > before + 2);
                assertThat(bench.sink.values(tag(bench, "all.B"))).containsOnly(signed(2));
                assertThat(bench.bugs).isEmpty();
            }
        }
    }

    @Test
    void whatHasComeIsReadAndWrittenByItsName() throws Exception {
        try (MiloServer server = MiloServer.start().addBelow("Line/A", NodeIds.Int32, Variant.ofInt32(1))) {
            OpcUaPlan plan = Bench.following(server.endpoint(), place("/Objects/t:Test/t:Line/*"), 10, OFTEN);
            try (Bench bench = new Bench(plan, state, Timings.DEFAULT)) {
                await().until(() -> signed(1).equals(bench.sink.lastValue("all.A")));
                server.addBelow("Line/B", NodeIds.Int32, Variant.ofInt32(2)).writable("Line/B");
                await().until(() -> signed(2).equals(bench.sink.lastValue("all.B")));
                assertThat(bench.adapter.found("press-2")).isEqualTo(Map.of("all.A", 0, "all.B", 1));
                assertThat(bench.adapter
                                .write("press-2", 1, signed(22))
                                .toCompletableFuture()
                                .get(10, TimeUnit.SECONDS))
                        .isEqualTo(new WriteResult.Written());
                assertThat(bench.adapter
                                .read("press-2", List.of(1, 0, 2))
                                .toCompletableFuture()
                                .get(10, TimeUnit.SECONDS))
                        .extracting(sample -> sample.value() == null ? sample.status() : sample.value())
                        .containsExactly(signed(22), signed(1), GONE);
            }
        }
    }

    /** Walks only when it is let, and finds nothing. */
    private static final class Gate implements Following.Walk {
        private final Semaphore open = new Semaphore(0);
        private final BlockingQueue<LinkEvent> events = new LinkedBlockingQueue<>();
        private volatile boolean fails;

        @Override
        public PatternWalker.Found of(TagAddress.Pattern pattern) throws UaException {
            open.acquireUninterruptibly();
            if (fails) {
                throw new UaException(StatusCodes.Bad_ConnectionClosed);
            }
            return new PatternWalker.Found(List.of(), false, false);
        }

        private void letGo() throws InterruptedException {
            open.release();
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(new LinkEvent.Walked());
        }
    }

    private final Gate gate = new Gate();

    private Following following(Duration follow) throws UaException {
        OpcUaPlan plan = Bench.following("opc.tcp://nowhere", place("/Objects/*"), 1, follow);
        Following following = new Following(plan, gate, gate.events::add);
        gate.open.release();
        assertThat(following.walkAll()).hasSize(1);
        return following;
    }

    @Test
    void aChangeThatTheWalkMayHaveMissedMakesItWalkAgain() throws Exception {
        Following following = following(SELDOM);
        long now = System.nanoTime();
        assertThat(following.untilNext(now)).isBetween(SELDOM.toNanos() / 2, SELDOM.toNanos());
        following.changed(now);
        assertThat(following.untilNext(now)).isBetween(1L, SELDOM.toNanos() / 2);
        long due = now + following.untilNext(now);
        following.run(due);
        following.run(due);
        following.changed(due);
        gate.letGo();
        assertThat(following.take(due)).hasSize(1);
        assertThat(following.untilNext(due)).isBetween(1L, SELDOM.toNanos() / 2);
    }

    @Test
    void noMoreThanATenthOfTheTimeIsSpentWalking() throws Exception {
        Following following = following(Duration.ofNanos(1));
        following.run(System.nanoTime() + Duration.ofMinutes(1).toNanos());
        long begun = System.nanoTime();
        await().pollDelay(Duration.ofMillis(30)).until(() -> true);
        gate.letGo();
        long end = System.nanoTime();
        assertThat(following.take(end)).hasSize(1);
        assertThat(following.untilNext(end)).isGreaterThanOrEqualTo(9 * (end - begun));
        following.changed(end);
        assertThat(following.untilNext(end)).isGreaterThanOrEqualTo(9 * (end - begun));
    }

    @Test
    void aWalkThatFailsFindsNothingAndIsTriedAgain() throws Exception {
        Following following = following(OFTEN);
        gate.fails = true;
        following.run(System.nanoTime() + Duration.ofMinutes(1).toNanos());
        gate.letGo();
        long now = System.nanoTime();
        assertThat(following.take(now)).isEmpty();
        assertThat(following.take(now)).isEmpty();
        assertThat(following.untilNext(now)).isLessThan(Duration.ofMinutes(1).toNanos());
    }
}
