// Chapter 7: pictures that are changed, and what a source lists besides.

import Foundation
import Workbook

extension Regularization {
  /// Augmentation.
  static func addAugmentation(to page: inout Page, _ findings: Findings) {
    let (data, pictures) = (findings.data, findings.pictures)
    page.prose(
      """
      ## Data augmentation

      Where no more data can be had, each picture can be changed a little every time it is used, as \
      long as **its label survives**: a 6 moved by two pixels is still a 6. This is called *augmentation*. **Only training images are changed**, before they are standardized (chapter 3): split the validation images off first (script under “What to try first”).
      """)
    page.figure(
      Figure(
        "Most of these keep the label; a mirrored 5 is no 5, and a crop can cut a digit short",
        .images(Views.grid(pictures, seed: findings.seed)),
        caption: """
          Shift by up to 2 pixels; crop with a border of 4; rotation by up to 15°. \(capitalized(data)).
          """,
        name: "augmentations"))
    page.project(
      "Which changes keep the digit readable?", notes: "Ask for each row before the finding is read out.")
    page.fold("What each change does") {
      $0.prose(
        """
        To *shift* a picture down by $d$ and right by $r$, take each pixel from $(i - d, j - r)$. What comes into view is \
        black. A *crop* adds a border of $p$ pixels on all sides and cuts out a piece of the old size, with its corner at $(t, l)$. \
        On a black ground that is a shift by $p - t$ down and $p - l$ to the right.

        *Solarize* turns every tone from a threshold on into its negative, $x \\to 1 - x$. *Posterize* keeps the highest bits of \
        each of the 256 levels: with two bits a pixel is 0, 64, 128 or 192. *Equalize* spreads the tones so that all \
        are used about equally often (exercise 7.4 has its formula).

        *Brightness* is the change that AlexNet's random colour makes on grey pictures. AlexNet adds one random colour to all pixels, along the directions in which the colours of the training set \
        vary most. That changes a pixel by about \(fixed(255 * pictures.visible, 0)) of 255 levels.
        """)
    }
  }

  /// What a source lists besides, for a second reading.
  static func addOthers(to page: inout Page, _ findings: Findings) {
    page.prose("S4, a Korean introduction, also lists the following.")
    addInputs(to: &page, findings.inputs)
    addPooling(to: &page)
  }

  /// Stochastic pooling.
  private static func addPooling(to page: inout Page) {
    page.prose(
      """
      ### Stochastic pooling

      Max pooling keeps the largest pixel of each window (chapter 9). *Stochastic pooling* \
      draws one at random in training, behind a ReLU: pixel $i$ with the probability $p_i = x_i / \\sum_j x_j$ (Zeiler and Fergus 2013). \
      The gradient goes to the pixel that was drawn. At test time the window becomes its expectation:

      $$\\sum_i p_i x_i = \\frac{\\sum_i x_i^2}{\\sum_i x_i}$$

      The window 1, 0, 2, 1 gives \(fixed(Double(expectedPool([1, 0, 2, 1])), 1)) on average: its mean is 1, its largest pixel 2.
      """)
  }
}
