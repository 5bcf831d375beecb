@NullMarked
package io.sluice.gateway.http;

import org.jspecify.annotations.NullMarked;
