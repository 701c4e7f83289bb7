// Chapter 7: pictures that are changed, and which digits a mirror spoils.

import Foundation
import Workbook

extension Regularization {
  /// Augmentation.
  static func addAugmentation(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Data augmentation

      A change of pictures may help if **its label survives**: a 5 moved by two pixels is still a 5. Changing each picture a little every time it is used is called *augmentation*. \
      **Only training images are changed**, before they are standardized (chapter 3). So split the validation images off first.

      ```python
      # digits, then photographs (a crop with padding is a shift); `plain` standardizes
      change = T.Compose([T.RandomAffine(15, translate=(2/28, 2/28)), plain])
      change = T.Compose([T.RandomCrop(32, padding=3), T.RandomHorizontalFlip(), plain])
      ```
      """)
    page.figure(
      Figure(
        "A shifted and a turned 5 is still a 5, a mirrored one is not",
        .images(Views.grid(findings.pictures, seed: findings.seed)),
        caption: """
          Shift by up to 2 pixels; rotation by up to 15°. \(capitalized(findings.data)).
          """,
        name: "augmentations"))
    page.project(
      "Which changes keep the digit readable?", notes: "Ask for each row before the finding is read out.")
    page.prose(
      "AlexNet shifted and mirrored photographs, and added one random colour to all pixels of each (on grey digits: *brightness*)."
    )
    addFlips(to: &page, findings)
  }

  /// Which digits suffer from flips, and why.
  private static func addFlips(to page: inout Page, _ findings: Findings) {
    let board = findings.sameDigits
    page.prose(
      """
      ### Why flips hurt

      \(board.flipWords.isEmpty ? "Which digits suffer from flips?" : board.flipWords)
      """)
    page.figure(Charts.flipped(board, data: findings.data))
    page.project(board.flipTitle, notes: "Which mirrored digit looks like another digit?")
    let control = [board.sparedWords, findings.mirror.map(mirrorWords) ?? ""].filter { !$0.isEmpty }
    if !control.isEmpty { page.prose(control.joined(separator: " ")) }
  }

  /// Where a mirror keeps the label.
  static func mirrorWords(_ mirror: MirrorFindings) -> String {
    "As a control we train on digits that stay themselves in a mirror, 0, 1 and 8 alone. "
      + mirror.gain.worded(
        above: "There flips help.",
        below: "They hurt there as well: a mirrored 1 leans the other way, as no 1 of the test does.",
        withinChance:
          "There the \(fixed(mirror.gain.mean, 1)) points that flips save may be chance\(mirror.gain.intervalNote())."
      )
  }
}

extension Scoreboard {
  /// Which digits are missed more often with flips, as a slide says it.
  fileprivate var flipTitle: String {
    guard seeds >= 3 else { return "With flips: how many more of each digit are missed?" }
    let suffering = suffersFromFlips.sorted()
    return suffering.isEmpty
      ? "With flips no digit is missed more, beyond chance"
      : "With flips \(suffering.count > 5 ? "most digits" : Charts.names(of: suffering)) are missed more often"
  }
}
