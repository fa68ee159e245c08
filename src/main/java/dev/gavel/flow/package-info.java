/** What belongs together: the key that both directions of a flow share. Values, free of any thread. */
@NullMarked
package dev.gavel.flow;

import org.jspecify.annotations.NullMarked;
