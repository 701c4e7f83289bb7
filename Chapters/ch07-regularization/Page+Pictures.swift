// The sections of chapter 7 about pictures that are changed.

import Foundation
import Workbook

extension Regularization {
  /// Augmentation.
  static func addAugmentation(to page: inout Page, _ findings: Findings) {
    let (data, pictures) = (findings.data, findings.pictures)
    page.prose(
      """
      ## Data augmentation

      The plainest remedy is more data. Where there is none, each picture can be changed a little every time it is used, as \
      long as **its label survives**: a 6 moved by two pixels is a 6. Augmentation happens to training images only, and \
      before they are standardized (chapter 3), because only then is black 0 and white 1.

      To *shift* a picture down by $d$ and right by $r$ is to take each pixel from $(i - d, j - r)$; what comes into view is \
      black. A *crop* pads the picture by $p$ on all sides and cuts a piece of the old size out, its corner at $(t, l)$ of the \
      padded picture: on a black ground it is a shift by $p - t$ down and $p - l$ to the right.
      """)
    page.figure(
      Figure(
        "Most of these keep the label; a mirrored 5 is no 5, and a crop can cut a digit short",
        .images(Views.grid(pictures, seed: findings.seed)),
        caption: """
          As they are used below: shift by up to 2 pixels; crop out of a border of 4; rotation by up to 15°; solarize from ½; \
          posterize to 2 bits; AlexNet's jitter, which for grey pictures is one of brightness. \(capitalized(data)).
          """,
        name: "augmentations"))
    page.project(
      "Which changes keep the digit readable?", notes: "Ask for each row before the finding is read out.")
    page.fold("What equalize, solarize and posterize do") { page in
      page.prose(
        """
        *Solarize* turns every tone from a threshold on into its negative, $x \\to 1 - x$. *Posterize* keeps the highest bits of \
        each of the 256 levels and drops the rest: with two bits a pixel is 0, 64, 128 or 192. *Equalize* spreads the tones so that all \
        are used about equally often: level $v$ becomes the number of pixels darker than $v$, on a scale that reaches from 0 to \
        255. With $n$ pixels, $m$ of them on the brightest level in use, a step of the scale is $s = \\lfloor (n - m)/255 \
        \\rfloor$ pixels, and

        $$v \\to \\min\\left(255, \\left\\lfloor \\frac{\\lfloor s/2 \\rfloor + \\mathrm{darker}(v)}{s} \\right\\rfloor\\right)$$

        (where $s$ is 0 the picture stays). On a photograph that lifts the contrast; of these pictures \(percent(pictures.black)) \
        of the pixels are black, so that the darkest grey of a stroke jumps far up.
        """)
    }
    page.fold("AlexNet's jitter: a random colour on every picture") { page in
      let visible = pictures.visible
      page.prose(
        """
        AlexNet adds to all pixels of a picture one random colour, along the directions in which the colours of the training \
        set vary: $P \\cdot (\\alpha_1\\lambda_1, \\alpha_2\\lambda_2, \\alpha_3\\lambda_3)$. The columns of the matrix $P$ are the \
        eigenvectors of the covariance of red, green and blue, the directions; the $\\lambda_i$ are its eigenvalues, the variance \
        along each (not the λ of a penalty), and each $\\alpha_i$ is drawn anew for every picture from $N(0, \\sigma^2)$ with $\\sigma = 0.1$.
        """)
      page.figure(
        Figure(
          visible < 0.02
            ? "With pixels from 0 to 1 the published jitter is hardly seen: \(fixed(255 * visible, 1)) of 255 levels; at ten times that it is \(fixed(2550 * visible, 0))"
            : "The published jitter moves colours by \(fixed(255 * visible, 0)) of 255 levels",
          .images(Views.jitterGrid(pictures)),
          caption: """
            Coloured ink on coloured paper, lit more or less (\(data), coloured for this page). The first of each row is the \
            picture itself. The title gives the length of σλ₁; the largest eigenvalue λ₁ is \
            \(short(pictures.eigenvalue)) on the scale 0 … 1. The formula is not free of units: λ is a variance, so with pixels \
            from 0 to 255 the same σλ₁ would be \(fixed(255 * 255 * visible, 0)) levels.
            """,
          name: "color-jitter"))
    }
  }

  /// Stochastic pooling.
  static func addPooling(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Stochastic pooling

      Pooling puts one number in the place of each window of pixels (chapter 9); max pooling takes the largest. *Stochastic pooling* \
      draws one in training, the larger the likelier, so that weaker ones sometimes get through (Zeiler and Fergus 2013).
      """)
    page.fold("Its formula, and what it does to a digit") { page in
      page.prose(
        """
        Pixel $i$ is drawn with the probability $p_i = x_i / \\sum_j x_j$. The gradient goes to the pixel that \
        was drawn. At test time nothing is drawn; the expectation takes its place:

        $$\\sum_i p_i x_i = \\frac{\\sum_i x_i^2}{\\sum_i x_i}$$

        (A pixel below 0 counts as 0: the layer stands after a ReLU.) Of the window 1, 0, 2, 1 it draws the 2 with probability ½, and is \(fixed(Double(expectedPool([1, 0, 2, 1])), 1)) on \
        average, between the mean of 1 and the largest of 2. A window of zeros gives 0.
        """)
      page.figure(
        Figure(
          "Stochastic pooling sees the same digit differently every time; its expectation lies between mean and largest",
          .images(Views.pooled(findings.pictures.pooled, seed: findings.seed)),
          caption: "A digit, and windows of 4×4 pooled in four ways. \(capitalized(findings.data)).",
          name: "stochastic-pooling"))
    }
  }
}
