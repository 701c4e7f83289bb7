// The page of chapter 3: where the statistics come from.

import Workbook

extension Preprocessings {
  /// The rule and its reason, and weights that somebody else has learned.
  static func addStatistics(to page: inout Page) {
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
      - **Every choice, too**: never choose a rate or a net by the test images, but on a validation set (chapter 7).
      """)
  }
}
