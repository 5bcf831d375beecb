/** What is started as a process of its own by the fault suite, so that it can be killed. */
@NullMarked
package io.sluice.gateway.runtime;

import org.jspecify.annotations.NullMarked;
