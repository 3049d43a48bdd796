package pinfold.contract;

/** Size of a terminal in characters, each 1 … 65535. */
public record WindowSize(int rows, int columns) {
  public WindowSize {
    if (rows < 1 || rows > 0xffff || columns < 1 || columns > 0xffff) {
      throw new IllegalArgumentException(
          "no terminal has " + rows + " rows and " + columns + " columns");
    }
  }
}
