/** OPC UA: address syntax, Session and Subscription, decoding into samples. */
@NullMarked
package io.sluice.adapter.opcua;

import org.jspecify.annotations.NullMarked;
