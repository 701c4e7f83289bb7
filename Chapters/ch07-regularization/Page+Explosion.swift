// The section of chapter 7 about gradients that explode.

import Foundation
import Workbook

extension Regularization {
  /// Clipping.
  static func addExplosion(to page: inout Page, _ findings: Findings) {
    let explosion = findings.explosion
    let unit = RecurrentUnit()
    page.prose(
      """
      ## When gradients explode

      A restraint of another kind does not fight overfitting but disaster. Behind many layers, or many moments of a \
      recurrent net, the gradient is a product of as many factors. If they are above 1, it explodes. The smallest net that \
      can do so is a single unit that feeds itself, $h_t = w\\,\\sigma(h_{t-1}) + b$, fifty times over.
      """)
    page.figure(Charts.cliff(unit))
    page.prose(
      """
      The cure is old and simple: where the gradient's norm is above a limit, scale it down to the limit,

      $$g \\leftarrow g \\cdot \\min\\left(1, \\frac{c}{\\|g\\|}\\right)$$

      with **one norm over all parameters together**, so that the direction stays. Clipping every element to $\\pm c$ is \
      simpler still, and bends the direction.
      """)
    page.code("descend", in: "Explosion.swift")
    page.figure(Charts.rescue(explosion, data: findings.data))
    page.prose(
      """
      The cosine between the gradient and what clipping leaves of it is \(fixed(explosion.angles[2].mean, 2)) for the norm and \
      \(fixed(explosion.angles[1].mean, 2)) for the elements; 1 means the same direction. Clipping is for the rare large gradient. Here the \
      norm is above its limit of 1 in \(percent(explosion.clippedShare)) of the steps: it is the start \
      that has to be mended (chapter 4).
      """)
    page.figure(Charts.growth(explosion))
  }
}
