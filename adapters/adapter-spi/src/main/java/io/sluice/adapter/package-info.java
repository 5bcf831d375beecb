/** What a southbound protocol must do. */
@NullMarked
package io.sluice.adapter;

import org.jspecify.annotations.NullMarked;
