// The section of chapter 9 that turns its counts into rules for a net of one's own.

import Workbook

extension SlidingWindow {
  /// How large the windows are, how many filters there are.
  static func addChoosing(to page: inout Page, telling told: Findings) {
    page.prose(
      """
      ## How to choose k, s, p and the number of filters

      These are habits.

      - *Kernel*: $k = 3$. Stack layers to see further: fewer weights for the same view\(told.hasTunedExchanges ? stackedWords(told.gains[3]) : ""). Use a larger kernel at most in the first layer, where three channels make \
      it cheap.
      - *Padding*: $p = (k - 1)/2$ with $s = 1$ keeps the size. Then the shapes change only where you want it.
      - *Stride*: 1, and 2 at the few places where the map is halved (or a pooling of 2×2 there).
      - *Filters*: 32 or 64 at first, twice as many after each halving. Twice the channels, twice the filters and a quarter of the \
      positions keep the work of a layer the same: $2 \\cdot 2 \\cdot \\frac14 = 1$.
      - *End*: global average pooling and one dense layer.
      - *Memory*: the outputs of all layers, times the batch size; in training add the parameters, times 3 with momentum, times 4 \
      with Adam (gradients and the optimizer's state). Each number takes 4 bytes.
      """)
  }

  /// What two 3×3 in place of one 5×5 do on digits.
  private static func stackedWords(_ gain: Comparison) -> String {
    switch gain.finding {
    case .gain, .smallGain: ", and on digits fewer errors (*Do the parts help?*)"
    case .loss: ", though on digits more errors (*Do the parts help?*)"
    case .chance: ". On digits the error stayed the same, within chance (*Do the parts help?*)"
    case .tooFewRuns: ""
    }
  }
}
