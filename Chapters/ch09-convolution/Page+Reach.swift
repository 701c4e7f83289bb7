// The section of chapter 9 about how far a unit sees.

import Foundation
import Workbook

extension SlidingWindow {
  /// The receptive field by arithmetic.
  static func addReceptiveField(to page: inout Page) {
    page.prose(
      """
      ## How far a unit sees

      A unit of the second layer sees a few units of the first, and each of those sees a few pixels. A window of $k$ adds $k - 1$ \
      steps to the view; dilated by $d$ it adds $d(k - 1)$, with no more weights. The length of a step is the product of all strides before it:

      $$r_l = r_{l-1} + (k - 1) \\cdot j_{l-1}, \\qquad j_l = j_{l-1} \\cdot s, \\qquad r_0 = j_0 = 1$$

      Here $r$ is the *receptive field*, the number of pixels that a unit sees along one side, and $j$ is the *jump*, the distance \
      between the fields of two neighbouring units.
      """)
    page.figure(fieldFigure)
    let stacks = [2, 3].map { stackedWeights(count: $0, channels: 1) }
    page.prose(
      """
      In LeNet \(fieldWords) pixels along one side. The jump doubles at each pooling.

      **Stacks of 3×3 see far with few weights.** Two of them see \(stacks[0].side)×\(stacks[0].side) pixels, three \
      \(stacks[1].side)×\(stacks[1].side). With $C$ channels in and out, two have $\(stacks[0].stacked) C^2$ weights, one 5×5 has \
      $\(stacks[0].single) C^2$; three have $\(stacks[1].stacked) C^2$, one 7×7 has $\(stacks[1].single) C^2$. The stack also has a \
      ReLU between its layers. VGG (Simonyan and Zisserman 2015, chapter 11) is built of such stacks.
      """)
  }

  /// The recursion with LeNet's numbers: `conv1 $1 + 4 \cdot 1 = 5$, …`.
  private static var fieldWords: String {
    let windows = [
      ("conv1", Window(kernel: 5)), ("pool1", Window(kernel: 2, stride: 2)), ("conv2", Window(kernel: 5)),
      ("pool2", Window(kernel: 2, stride: 2)),
    ]
    var field = ReceptiveField.pixel
    return windows.map { name, window in
      let before = field
      field = field.through(window)
      return
        "\(name) sees $\(before.size.height) + \(window.kernel.height - 1) \\cdot \(before.jump.height) = \(field.size.height)$"
    }.joined(separator: ", ")
  }

  /// The effective receptive field: how far a unit looks.
  static func addFootprints(to page: inout Page, _ findings: Findings) {
    let (reach, ten) = (findings.reach, findings.reach.ten)
    page.prose(
      """
      **Give a unit a wider field than the thing that it must see**, for it uses mostly the middle: many routes lead from there to \
      the unit, but only one from a corner. In random nets of ten 3×3 layers, \(percent(ten.usedShare)) of the pixels hold 95 % of \
      the squared gradient of a unit. This part is the *effective receptive field*; it grows in training (Luo et al. 2016).
      """)
    page.fold("Why the used part grows with the root of the depth") {
      $0.prose(
        """
        Send a 1 back from the middle unit of the last layer, and see which pixels receive a gradient:

        ```python
        x.requires_grad_()
        net(x)[0, 0, middle, middle].backward()
        used = x.grad[0, 0] ** 2        # the mean over many random nets
        ```

        The gradient of a pixel is a sum over all paths from the unit to the pixel, and each path is a product of weights. The \
        weights are independent and have mean 0. So in the mean square over many nets the products of two different paths cancel, \
        and each 3×3 layer spreads the squared gradient evenly over nine pixels. Along one axis this is a random step of −1, 0 or 1 \
        pixels, with the variance ⅔. The variances of $L$ steps add up, so two standard deviations are $2\\sqrt{2L/3}$.

        In \(reach.networks) nets with \(Footprint.channels) channels and ReLUs the width grows with the depth to the power of \
        \(fixed(reach.exponent, 2)).
        """)
    }
  }
}
