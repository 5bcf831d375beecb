package io.sluice.gateway.cli;

import io.sluice.gateway.control.ExitCodes;
import io.sluice.gateway.receiver.Receiver;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/** What {@code tail} and {@code verify} share: run a receiver until the time is over or Ctrl-C, then conclude. */
final class Listening {

    private Listening() {}

    static int listen(
            Source source, String role, Receiver.Display display, PrintWriter err, ToIntFunction<Receiver> conclusion)
            throws InterruptedException {
        try {
            Source.Subscription subscription = source.open(role, err);
            Receiver receiver = new Receiver(subscription.options(), subscription.filters(), display);
            return untilStopped(receiver, source, err, conclusion);
        } catch (Source.Unusable e) {
            if (!e.text.isEmpty()) {
                note(err, e.text);
            }
            return e.exitCode;
        }
    }

    private static int untilStopped(
            Receiver receiver, Source source, PrintWriter err, ToIntFunction<Receiver> conclusion)
            throws Source.Unusable, InterruptedException {
        AtomicInteger code = new AtomicInteger();
        CountDownLatch concluded = new CountDownLatch(1);
        Thread hook = new Thread(() -> stop(receiver, concluded, code), "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        if (receiver.run(source.duration()) == Receiver.End.UNREACHABLE) {
            note(err, "no broker could be reached: " + receiver.lastFailure());
            code.set(ExitCodes.UNAVAILABLE);
        } else {
            code.set(conclusion.applyAsInt(receiver));
        }
        concluded.countDown();
        return code.get();
    }

    /** On Ctrl-C the JVM ends with the hook, so the hook waits for the conclusion and ends it with its code. */
    private static void stop(Receiver receiver, CountDownLatch concluded, AtomicInteger code) {
        if (concluded.getCount() == 0) {
            return;
        }
        receiver.stop();
        try {
            if (concluded.await(3, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(code.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void note(PrintWriter err, String text) {
        err.println("sluice: " + text);
        err.flush();
    }
}
