// The section of chapter 9 about pooling, and the formula of response normalization.

import Foundation
import Workbook

extension SlidingWindow {
  /// Pooling.
  static func addPooling(to page: inout Page, _ findings: Findings) {
    let poolExample: [[Double]] = [[1, 3, 2, 1], [4, 2, 0, 1], [0, 1, 5, 2], [2, 1, 3, 6]]
    let fiveByFive: [[Double]] = [
      [1, 3, 2, 1, 0], [4, 2, 0, 1, 7], [0, 1, 5, 2, 1], [2, 1, 3, 6, 2], [1, 0, 2, 4, 3],
    ]
    func pooled(_ pool: Pool, _ rows: [[Double]]) -> [[Double]] {
      var layer = pool.layer
      return firstMap(layer.forward(tensor(rows)))
    }
    page.prose(
      """
      ## Pooling

      Often the exact pixel matters little. Pooling makes a map smaller: a window moves over it, usually with a stride equal to \
      its size, and writes down the mean or the maximum of what it sees. It has no parameters. With windows of 2×2:

      ```text
      \(sideBySide([("map", poolExample), ("average", pooled(.average, poolExample)), ("maximum", pooled(.max, poolExample))]))
      ```

      AlexNet (chapter 11) uses windows of 3×3 with stride 2, so they overlap:

      ```text
      \(sideBySide([("map", fiveByFive), ("maximum", pooled(.overlapping, fiveByFive))]))
      ```

      ```python
      nn.AvgPool2d(2)              # windows of 2×2, stride 2
      nn.MaxPool2d(2)
      nn.MaxPool2d(3, stride=2)    # overlapping
      ```

      **Backward**, an average gives $1/k^2$ of the gradient to each of the $k^2$ pixels under a window. A maximum gives all of it \
      to the pixel that was the largest (to the first one if several are equal). Where windows overlap, one pixel may be the \
      largest in several of them; its gradients *add up*.

      Does pooling also hide a small shift of the image? We shift each image by one pixel, apply the pooling $P$ to the maps of \
      both images, and compare:
      """)
    let responses = findings.responses
    let steadiest = responses.min { $0.change < $1.change } ?? responses[0]
    page.figure(
      Figure(
        steadiest.name == responses[0].name
          ? "Pooling does not make a map steadier under a shift by one pixel"
          : "A shift by one pixel changes a map by \(percent(responses[0].change)); after the steadiest pooling, \(steadiest.name), by \(percent(steadiest.change))",
        .bars(
          BarChart(
            categories: responses.map(\.name), y: Axis("change of the output (%)"),
            [.init("shifted by one pixel", responses.map { 100 * $0.change }, color: 0)])),
        caption: """
          ‖P(shifted) − P(image)‖ / ‖P(image)‖ for the left edges, behind a ReLU, of \(findings.responseCount) test images (\(findings.data)), \
          where ‖ ‖ is the length of a map seen as a vector; 0 % would hide the shift. Nothing was trained. The windows of 3×3 \
          are larger, so this does not show that overlapping helps.
          """,
        name: "shift-response"))
    if steadiest.name != responses[0].name {
      page.prose(
        """
        No. Pooling reduces the effect of a shift, but does not remove it.
        """)
    }
  }

  /// The formula of local response normalization, to stand in a fold.
  static func addResponseNorm(to page: inout Page) {
    page.prose(
      """
      ### Local response normalization (LRN)

      Each value is divided by a power of the sum of squares of the $q = 5$ channels around it, at the same pixel. So a channel \
      with a large value reduces its neighbours. The sum stops at the first and the last channel:

      $$y_c = \\frac{x_c}{\\left(\\kappa + \\frac{\\alpha}{q} \\sum_{t = c - 2}^{c + 2} x_t^2\\right)^{\\beta}}$$

      The nets here have AlexNet's numbers: α = 5·10⁻⁴, β = 0.75, κ = 2. (The paper does not divide by q and writes α = 10⁻⁴.)
      """)
  }
}
