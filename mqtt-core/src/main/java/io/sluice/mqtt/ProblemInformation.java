package io.sluice.mqtt;

import io.sluice.mqtt.Subscribe.Answer;

/** Reason Strings and User Properties in packets that must not have them after Request Problem Information 0 (§3.1.2.11.7). */
final class ProblemInformation {

    private ProblemInformation() {}

    static boolean isIn(Packet packet) {
        return switch (packet) {
            case Packet.PubAck(int _, Reason reason) -> isIn(reason);
            case Packet.PubRec(int _, Reason reason) -> isIn(reason);
            case Packet.PubRel(int _, Reason reason) -> isIn(reason);
            case Packet.PubComp(int _, Reason reason) -> isIn(reason);
            case Packet.SubAck(int _, Answer answer) -> isIn(answer);
            case Packet.UnsubAck(int _, Answer answer) -> isIn(answer);
            case Packet.Auth auth -> isIn(auth.reason());
            case Packet.ConnAck _, Packet.Arrival _, Packet.Disconnect _, Packet.PingResp _, Packet.Malformed _ ->
                false;
            case Packet.Connect _, Packet.Pub _, Packet.Subscribe _, Packet.Unsubscribe _, Packet.PingReq _ -> false;
        };
    }

    private static boolean isIn(Reason reason) {
        return !reason.text().isEmpty() || !reason.userProperties().isEmpty();
    }

    private static boolean isIn(Answer answer) {
        return !answer.reasonString().isEmpty() || !answer.userProperties().isEmpty();
    }
}
