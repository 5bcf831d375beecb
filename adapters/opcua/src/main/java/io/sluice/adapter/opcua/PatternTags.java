package io.sluice.adapter.opcua;

import io.sluice.adapter.SampleQueue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tags of a device that patterns find, in one Session: those that come while it stands are added to it, and those that go are
 * taken out, without a touch to the others. Confined to the thread of its {@link DeviceLink}.
 */
final class PatternTags {

    private static final Logger LOG = LoggerFactory.getLogger(PatternTags.class);

    private final OpcUaPlan plan;
    private final Followed followed;
    private final Following following;
    private final Resolver resolver;
    private final SampleQueue samples;
    private final Delivery delivery;
    private final Items items;

    /** What has been taken in this Session, and where it stands. */
    private final Map<Integer, NodeId> standing = new HashMap<>();

    /** How the values of tags come in the Session. */
    interface Items {
        /** Reads what they mean and has them ready for {@link #create}. */
        void take(List<Integer> tags, List<Resolver.Found> found) throws UaException, InterruptedException;

        void create() throws UaException;

        void leave(Set<Integer> tags) throws InterruptedException;
    }

    PatternTags(
            OpcUaPlan plan,
            Followed followed,
            Following following,
            Resolver resolver,
            SampleQueue samples,
            Delivery delivery,
            Items items) {
        this.plan = plan;
        this.followed = followed;
        this.following = following;
        this.resolver = resolver;
        this.samples = samples;
        this.delivery = delivery;
        this.items = items;
    }

    /** Adds what is there at the beginning of the Session. */
    void find(List<Integer> tags, List<Resolver.Found> found) throws UaException, InterruptedException {
        followed.begin();
        List<Integer> gone = new ArrayList<>();
        for (Following.Walked walked : following.walkAll()) {
            for (Followed.Tag tag : followed.follow(walked.template(), walked.found())) {
                if (tag.node().isPresent()) {
                    stand(tag, tag.node().get());
                    tags.add(tag.tag());
                    found.add(new Resolver.Found.At(tag.node().get()));
                } else {
                    gone.add(tag.tag());
                }
            }
        }
        delivery.gone(gone);
    }

    private void stand(Followed.Tag tag, NodeId node) throws InterruptedException {
        standing.put(tag.tag(), node);
        String source = resolver.byUri(node);
        samples.submit(sink -> sink.found(tag.tag(), tag.name(), source));
    }

    /** Takes what a walk has found to have come, and leaves what has gone or is another node now. */
    void walked() throws UaException, InterruptedException {
        for (Following.Walked walked : following.take(System.nanoTime())) {
            List<Followed.Tag> changed = followed.follow(walked.template(), walked.found()).stream()
                    .filter(tag -> !tag.node().equals(Optional.ofNullable(standing.get(tag.tag()))))
                    .toList();
            leave(changed);
            take(changed.stream().filter(tag -> tag.node().isPresent()).toList());
        }
    }

    private void leave(List<Followed.Tag> changed) throws InterruptedException {
        Set<Integer> left = changed.stream()
                .map(Followed.Tag::tag)
                .filter(standing::containsKey)
                .collect(Collectors.toSet());
        if (left.isEmpty()) {
            return;
        }
        standing.keySet().removeAll(left);
        items.leave(left);
        delivery.gone(changed.stream()
                .filter(tag -> tag.node().isEmpty())
                .map(Followed.Tag::tag)
                .toList());
    }

    private void take(List<Followed.Tag> come) throws UaException, InterruptedException {
        if (come.isEmpty()) {
            return;
        }
        List<Integer> tags = come.stream().map(Followed.Tag::tag).toList();
        List<Resolver.Found> found = new ArrayList<>();
        for (Followed.Tag tag : come) {
            NodeId node = tag.node().orElseThrow();
            stand(tag, node);
            found.add(new Resolver.Found.At(node));
        }
        try {
            items.take(tags, found);
        } catch (UaException e) {
            LOG.debug("{}: what has come is not taken yet", plan.device().id(), e);
            standing.keySet().removeAll(tags);
            following.changed(System.nanoTime());
            return;
        }
        delivery.come(tags);
        items.create();
    }
}
