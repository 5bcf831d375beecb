package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UByte;
import org.eclipse.milo.opcua.stack.core.types.enumerated.ApplicationType;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.enumerated.UserTokenType;
import org.eclipse.milo.opcua.stack.core.types.structured.ApplicationDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.UserTokenPolicy;
import org.junit.jupiter.api.Test;

class EndpointChoiceTest {

    private static final String ENDPOINT = "opc.tcp://10.0.0.20:4840";

    private final EndpointChoice choice = new EndpointChoice(Bench.connection(ENDPOINT));

    private static EndpointDescription plain(String host, UserTokenType... users) {
        return new EndpointDescription(
                "opc.tcp://" + host + ":4840",
                new ApplicationDescription(
                        "urn:server", "", LocalizedText.english("server"), ApplicationType.Server, null, null, null),
                ByteString.NULL_VALUE,
                MessageSecurityMode.None,
                Security.Policy.NONE.uri(),
                Stream.of(users)
                        .map(user -> new UserTokenPolicy(user.name(), user, null, null, null))
                        .toArray(UserTokenPolicy[]::new),
                "http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary",
                UByte.MIN);
    }

    @Test
    void aServerThatTakesNobodyAnonymousIsNotAskedFor() {
        assertThatThrownBy(() -> choice.among(List.of(plain("10.0.0.20", UserTokenType.UserName))))
                .isInstanceOf(LinkFailure.class)
                .hasMessage(ENDPOINT + " does not take anonymous users with security None, it takes user names");
    }

    @Test
    void theHostThatUsersWroteIsUsedWhereTheServerAnnouncesAnother() throws Exception {
        assertThat(choice.among(List.of(plain("plc.invalid", UserTokenType.Anonymous)))
                        .getEndpointUrl())
                .isEqualTo(ENDPOINT);
    }
}
