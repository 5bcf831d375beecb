/**
 * The durable side: a bounded outbox of opaque bodies, stream identity, and the forwarder with its Publisher port.
 *
 * <ul>
 *   <li>What others see: {@link Outbox}, {@link Intake}, {@link Entry}, {@link OutboxSettings},
 *       {@link OutboxException}, {@link SqliteOutbox}, {@link InMemoryOutbox}, {@link Forwarder},
 *       {@link Publisher}, {@link Outgoing}, {@link Outcome}, {@link Forwarding}, {@link OutboxView},
 *       {@link Balance}, {@link LossReason}, {@link RunEpoch}, {@link CommandLedger}
 *   <li>Taking what is offered, and when it is committed: {@link HandOff}, {@link CommitPace}, {@link Group},
 *       {@link Offered}, {@link LossTally}, {@link Writer}, {@link Admission}, {@link SpaceGuard},
 *       {@link ThreadIo}
 *   <li>One commit: {@link Transaction}, {@link Arrivals}, {@link Departures}, {@link NewNames},
 *       {@link StreamChanges}, {@link LossRanges}
 *   <li>What is stored: {@link Store}, {@link NewRun}, {@link State}, {@link StateLoader}, {@link Ledger},
 *       {@link Row}, {@link StreamKey}, {@link SequenceSet}, {@link LossRange}, {@link Aliases},
 *       {@link EventCodec}
 *   <li>On disk, or only in memory: {@link Medium}, {@link Database}, {@link Statements}, {@link MessageTable},
 *       {@link Schema}, {@link DirectoryLock}, {@link Heap}
 *   <li>A database that is damaged or gone: {@link Salvage}, {@link CarriedRows}, {@link Successor}
 *   <li>From the outbox to the broker: {@link ForwardingOutbox}, {@link Inbox}, {@link Dispatch},
 *       {@link Lanes}, {@link Segment}, {@link RangeDispatch}, {@link StreamView}, {@link Heartbeats},
 *       {@link LossNews}, {@link TokenBucket}, {@link DiskReader}, {@link Tail}
 *   <li>Looking into it: {@link DatabaseView}, {@link UntouchedFile}
 * </ul>
 */
@NullMarked
package io.sluice.outbox;

import org.jspecify.annotations.NullMarked;
