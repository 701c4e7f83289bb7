// The section of chapter 9 that turns its counts into rules for a net of one's own.

import Workbook

extension SlidingWindow {
  /// How large the windows are, how many filters there are.
  static func addChoosing(to page: inout Page) {
    let (fine, coarse) = (convolutionWork(64, 64, side: 56), convolutionWork(128, 128, side: 28))
    page.prose(
      """
      ## How to choose k, s, p and the number of filters

      These are habits, not laws; this chapter measures only some of them.

      - *Kernel*: $k = 3$. Stack layers to see further. Larger kernels stand at most in the first layer, where there are only \
      three channels and a weight is cheap.
      - *Padding*: $p = (k - 1)/2$ with $s = 1$ keeps the size. Then the shapes change only where you want it.
      - *Stride*: 1, and 2 at the few places where the map is halved (or a pooling of 2×2 there). Choose an image size that can \
      be halved that often, such as $224 = 32 \\cdot 7$.
      - *Filters*: 32 or 64 at first, twice as many after each halving. The work of a layer then stays the same, because it has \
      twice the channels, twice the filters and a quarter of the positions: $2 \\cdot 2 \\cdot \\frac14 = 1$. For 3×3 kernels, 64 \
      channels on 56×56 take \(grouped(fine)) multiply-adds, 128 on 28×28 take \(grouped(coarse)).
      - *End*: global average pooling and one dense layer. A dense layer on $C$ maps of $H \\times W$ is itself a convolution with \
      kernels of $H \\times W$: LeNet's fc1 is 120 filters of 5×5 on 16 maps. (So the paper calls it C5.) Written as \
      convolutions, all layers can slide over a larger image.
      - *Memory*: add up the outputs of all layers, times the batch size, times 4 bytes; training needs about twice that, for \
      the values and their gradients. If it does not fit, make the batch smaller.
      """)
  }

  /// The multiply-adds of a 3×3 convolution that keeps the size.
  private static func convolutionWork(_ inputs: Int, _ outputs: Int, side: Int) -> Int {
    inputs * outputs * 9 * side * side
  }
}
