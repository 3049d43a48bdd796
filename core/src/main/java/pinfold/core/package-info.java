/** The pure supervisor: one step from world and event to world and effects. */
@NullMarked
package pinfold.core;

import org.jspecify.annotations.NullMarked;
