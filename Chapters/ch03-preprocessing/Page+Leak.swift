// The page of chapter 3: where the statistics come from.

import Workbook

extension Preprocessings {
  /// The rule and its reason, weights that somebody else has learned, and a leak.
  static func addLeaks(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## From the training set only

      **Compute every statistic on the training set, store it with the weights, and use it everywhere.** In use, images come one at a \
      time, and they need the numbers with which the weights were learned.

      - **Weights that somebody else has learned**: use the statistics of *their* training set. The nets of PyTorch's torchvision have \
      learned ImageNet, with these numbers for red, green and blue:

      ```python
      transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
      ```

      - **Random crops and flips** (chapter 7) come before the normalization, whose statistics stay those of the training images.
      - **Every choice, too**: the number of features, the rate, the best of many nets. Choose on a validation set (chapter 7).
      """)
    page.fold("What a choice that has seen the test set hides") { $0.prose(choiceLeak(findings.leaks)) }
  }

  /// Features that were chosen by labels of the test set.
  private static func choiceLeak(_ leaks: LeakFindings) -> String {
    let (cheat, unseen) = (leaks.choice(\.leaked), leaks.choice(\.unseen))
    let found =
      leaks.hidden.direction(beyond: 2) == .above
      ? """
      They agree with the labels of the test set by chance, so the test error is \(fixed(cheat.mean, 0)) %. On samples that were never \
      used it is \(fixed(unseen.mean, 0)) %
      """ : "It hid nothing in this run"
    return """
      Give random samples random labels: there is nothing to learn. Of \(grouped(leaks.choice.features)) features a classifier uses the \
      \(leaks.choice.chosen) that agree best with the labels of training and test set together. \(found). To keep the net with the best \
      test error of many is the same mistake.
      """
  }
}
