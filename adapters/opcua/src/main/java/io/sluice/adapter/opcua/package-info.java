/**
 * OPC UA: address syntax, Session and Subscription, decoding into samples.
 *
 * <ul>
 *   <li>What the gateway and its commands see: {@link OpcUaAdapterFactory}, {@link OpcUaAdapter},
 *       {@link StatusNames}
 *   <li>From what users write to a plan: {@link OpcUaSettings}, {@link DevicePlanner}, {@link ItemPlanner},
 *       {@link MethodPlanner}, {@link IdentityPlanner}, {@link AddressParser}, {@link TagAddress},
 *       {@link OverlappingListeners}, {@link OpcUaPlan}, {@link Timings}
 *   <li>Certificates, identities, trust: {@link Security}, {@link Identity}, {@link UserCertificate},
 *       {@link Certificates}, {@link StoredCertificate}, {@link TrustStore}, {@link ServerTrust},
 *       {@link Expiry}
 *   <li>Getting a Session: {@link DeviceLink}, {@link LinkEvent}, {@link LinkFailure}, {@link Connector},
 *       {@link TellingClient}, {@link EndpointChoice}, {@link Approach}, {@link ListenAddress}, {@link AwaitedServer},
 *       {@link ReverseListener}, {@link ReverseTransport}, {@link ReverseHello}, {@link ReverseHelloHandler},
 *       {@link MiloRuntime}
 *   <li>One Session: {@link ServerSession}, {@link Interruption}, {@link Agenda}, {@link Appointment},
 *       {@link SessionTags}, {@link Resolver}, {@link Reader}, {@link ChildReader}, {@link Chunks},
 *       {@link Polling}, {@link Subscriptions}, {@link Placement}, {@link Conditions},
 *       {@link SubscriptionCallbacks}, {@link SourceFilters}, {@link SourceBand}, {@link Triggers}
 *   <li>Tags by pattern: {@link PatternTags}, {@link PatternWalker}, {@link Followed}, {@link Following},
 *       {@link ModelChanges}
 *   <li>From a notification to a sample: {@link Delivery}, {@link Translation}, {@link ValueDecoder},
 *       {@link ByUri}, {@link EventItems}, {@link EventStream}, {@link EventFields}, {@link RememberingSink}
 *   <li>What is missing, and getting it back: {@link Continuity}, {@link Gap}, {@link Span}, {@link Backfill},
 *       {@link HistoryCall}, {@link Losses}
 *   <li>What the server says of its variables: {@link Descriptions}, {@link MeaningReader}, {@link DataTypes},
 *       {@link PropertyReader}, {@link ValueNames}, {@link UneceUnits}
 *   <li>Reading, writing and calling on request: {@link Requests}, {@link LiveSession}, {@link RequestedTags},
 *       {@link RequestedMethods}, {@link Coercion}, {@link TextForms}, {@link Target}, {@link VariableReader},
 *       {@link Signature}, {@link SignatureReader}
 *   <li>Looking at a server: {@link ServerBrowser}, {@link BrowsedNode}, {@link ReadNode}, {@link DraftProfile}
 * </ul>
 */
@NullMarked
package io.sluice.adapter.opcua;

import org.jspecify.annotations.NullMarked;
