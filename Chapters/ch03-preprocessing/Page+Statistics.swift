// The page of chapter 3: where the statistics come from.

import Workbook

extension Preprocessings {
  /// The rule and its reason, and weights that somebody else has learned.
  static func addStatistics(to page: inout Page, _ leaks: LeakFindings?) {
    page.prose(
      """
      ## From the training set only

      **Compute every statistic on the training set, store it with the weights, and use it everywhere.** Later a new image comes \
      alone, and it needs the numbers with which the weights were learned.

      - **Weights that somebody else has learned**: use the statistics of *their* training set. The nets of PyTorch's torchvision have \
      learned ImageNet, with these numbers for red, green and blue:

      ```python
      from torchvision import transforms
      transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
      ```

      - **Random crops and flips** (chapter 7) come before the normalization, whose statistics stay those of the training images.
      """)
    if let leaks { page.prose(choiceLeak(leaks)) }
  }

  /// Features that were chosen by labels of the test set.
  private static func choiceLeak(_ leaks: LeakFindings) -> String {
    let (cheat, unseen) = (leaks.choice(\.leaked), leaks.choice(\.unseen))
    let found =
      leaks.hidden.direction(beyond: 2) == .above
      ? """
      By chance these agree with the labels of the test set, so the test reports \(fixed(cheat.mean, 0)) % errors. On samples that \
      were never looked at it makes \(fixed(unseen.mean, 0)) %.
      """ : "In this run that hid nothing."
    return """
      **What does a look at the test set hide?** Take random samples with random labels: there is nothing to learn. Now let a classifier use the \
      \(leaks.choice.chosen) of \(grouped(leaks.choice.features)) features that agree best with the labels of training and test set \
      together. \(found) To keep the rate or the net with the best test error of many is the same mistake: choose on a validation set (chapter 7).
      """
  }
}
