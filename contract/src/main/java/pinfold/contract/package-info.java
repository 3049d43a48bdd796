/** The Varlink interfaces, their records and the error codes, shared by both ends. */
@NullMarked
package pinfold.contract;

import org.jspecify.annotations.NullMarked;
