/** What the user wrote: YAML in, records or problems out. */
@NullMarked
package pinfold.manifest;

import org.jspecify.annotations.NullMarked;
