/** What a receiver does with the messages: decode, name, judge, print. */
@NullMarked
package io.sluice.gateway.receiver;

import org.jspecify.annotations.NullMarked;
