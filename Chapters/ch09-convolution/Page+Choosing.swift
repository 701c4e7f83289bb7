// The section of chapter 9 that turns its counts into rules for a net of one's own.

import Workbook

extension SlidingWindow {
  /// How large the windows are, how many filters there are.
  static func addChoosing(to page: inout Page) {
    let fine = table(
      of: Sequential([Conv2D(64, 64, kernel: 3, padding: 1)] as [any Layer]), input: [64, 56, 56]
    ).reduce(0) { $0 + $1.multiplyAdds }
    page.prose(
      """
      ## How to choose k, s, p and the number of filters

      These are habits, not laws, and they follow from the counts above.

      - *Kernel*: $k = 3$. Stack layers to see further. Use a larger kernel at most in the first layer: with three channels it \
      has few weights.
      - *Padding*: $p = (k - 1)/2$ with $s = 1$ keeps the size. Then the shapes change only where you want it.
      - *Stride*: 1, and 2 at the few places where the map is halved (or a pooling of 2×2 there). Choose an image size that can \
      be halved that often, such as $224 = 32 \\cdot 7$.
      - *Filters*: 32 or 64 at first, twice as many after each halving. The work of a layer then stays the same, because it has \
      twice the channels, twice the filters and a quarter of the positions: $2 \\cdot 2 \\cdot \\frac14 = 1$. For 3×3 kernels, 64 \
      channels on 56×56 and 128 channels on 28×28 both take \(grouped(fine)) multiply-adds.
      - *End*: global average pooling and one dense layer. A dense layer on $C$ maps of $H \\times W$ is itself a convolution with \
      kernels of $H \\times W$: LeNet's fc1 is 120 filters of 5×5 on 16 maps. (So the paper calls it C5.) Written as \
      convolutions, all layers can slide over a larger image.
      - *Memory*: add up the outputs of all layers, times the batch size, times 4 bytes; training needs about twice that, for \
      the values and their gradients. If it does not fit, make the batch smaller.
      """)
  }
}
