// The section of chapter 9 that turns its counts into rules for a net of one's own.

import Workbook

extension SlidingWindow {
  /// How large the windows are, how many filters there are.
  static func addChoosing(to page: inout Page) {
    page.prose(
      """
      ## How to choose k, s, p and the number of filters

      These are habits, and they follow from the counts above.

      - *Kernel*: $k = 3$. Stack layers to see further. Use a larger kernel at most in the first layer, where three channels make \
      it cheap.
      - *Padding*: $p = (k - 1)/2$ with $s = 1$ keeps the size. Then the shapes change only where you want it.
      - *Stride*: 1, and 2 at the few places where the map is halved (or a pooling of 2×2 there). Choose an image size that can \
      be halved that often, such as $224 = 32 \\cdot 7$.
      - *Filters*: 32 or 64 at first, twice as many after each halving. Twice the channels, twice the filters and a quarter of the \
      positions keep the work of a layer the same: $2 \\cdot 2 \\cdot \\frac14 = 1$.
      - *End*: global average pooling and one dense layer.
      - *Memory*: add up the outputs of all layers, times the batch size, times 4 bytes; training needs about twice that, for \
      their gradients.
      """)
  }
}
