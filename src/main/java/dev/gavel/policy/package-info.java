/**
 * The policy language's face: YAML policies in, a program out. Its phases are rooms: {@code syntax} (text to
 * expressions), {@code check}, {@code compile} (expressions to conditions), {@code condition}, {@code index} (which
 * rules a packet can match), {@code program} (judging, limits, explanations), and {@code facts}, what a program asks of
 * a packet.
 */
@NullMarked
package dev.gavel.policy;

import org.jspecify.annotations.NullMarked;
