// The page of chapter 3: where the statistics come from.

import Workbook

extension Preprocessings {
  /// The rule and its reason, another camera, and two leaks that are larger.
  static func addLeaks(to page: inout Page, _ findings: Findings, _ full: Findings?) {
    let (leaks, digits) = (findings.leaks, findings.digits)
    page.prose(
      """
      ## From the training set only

      **Compute every statistic on the training set, store it with the weights, and use it everywhere.** In use, images come one at a \
      time, and they need the numbers with which the weights were learned. \(meanLeak(leaks))

      - **Weights that somebody else has learned**: use the statistics of *their* training set. The nets of PyTorch's torchvision have \
      learned ImageNet, with these numbers for red, green and blue:

      ```python
      transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
      ```

      - **Random crops and flips** (chapter 7) come before the normalization, whose statistics stay those of the training images.
      - **Another camera**, brighter and with half the contrast: \(camera(leaks))
      - **`Normalize((0.5,), (0.5,))`**, as many tutorials write: on photographs ½ is near the channel means, but most pixels of MNIST are \
      further from ½ than from 0. \(halfWords(findings, full))
      """)
    addStatistics(to: &page, digits)
    page.fold("Two leaks that are larger") { $0.prose(largerLeaks(leaks)) }
  }

  /// What pixels from −1 to 1 do to the dense net on digits, and the advice; without a measurement, the advice alone.
  private static func halfWords(_ findings: Findings, _ full: Findings?) -> String {
    let advice = "So write the mean of MNIST, \(fixed(findings.digits.pixelMean, 2))."
    let known = findings.halves == nil ? full : findings
    guard let halves = known?.halves, let raw = known?.rule?.first(where: { $0.net == .dense })?.row(.plain, .raw)
    else {
      return advice
    }
    let points = halves.error - raw.error
    let number = "\(fixed(abs(points.mean), 1)) points\(points.intervalNote())"
    return points.worded(
      above: "There it costs the dense net \(number) over raw pixels. \(advice)",
      below: "Yet there it saves the dense net \(number).",
      withinChance:
        "There it changes nothing beyond chance in the dense net (\(fixed(points.mean, 1)) points\(points.intervalNote()))."
    )
  }

  /// What a mean hides that has seen the test images.
  private static func meanLeak(_ leaks: LeakFindings) -> String {
    let hidden = leaks.leaked(0)
    return hidden.worded(
      above:
        "A mean image that includes test images also makes the test error look \(fixed(hidden.mean, 1)) points better\(hidden.intervalNote()).",
      below: "A mean image that includes test images does not make the test error look better.",
      withinChance: """
        A mean image that includes test images does not make the test error look better beyond chance: by \(fixed(hidden.mean, 1)) \
        points\(hidden.intervalNote()), even with only \(leaks.few) training images.
        """)
  }

  /// Statistics of the test set itself, where its images come from another camera.
  private static func camera(_ leaks: LeakFindings) -> String {
    let (own, training, usual) = (leaks.camera(\.own), leaks.camera(\.training), leaks.camera(\.usual))
    guard own.mean < training.mean - 5 else { return "it did little harm to a linear classifier in this run." }
    return """
      a linear classifier, trained on \(grouped(leaks.cameraCount)) digits without their mean image, then gets \(fixed(training.mean, 0)) % wrong \
      instead of \(fixed(usual.mean, 0)) %. It is the exception to the rule: with the mean of the new camera's own images it gets \
      \(fixed(own.mean, 0)) % wrong.
      """
  }

  /// A whitening that has seen the test images, and features that were chosen by labels of the test set.
  private static func largerLeaks(_ leaks: LeakFindings) -> String {
    let (leaked, earned) = (leaks.leaked(1), leaks.earned(1))
    let whitening = leaked.worded(
      above:
        "the test images save \(fixed(leaked.mean, 1)) points\(leaked.intervalNote()) more than these: this is a leak",
      below: "the test images save no more than these: it is a better estimate, not a leak",
      withinChance: "the test images save no more than these beyond chance: it is a better estimate, not a leak")
    let (cheat, unseen) = (leaks.choice(\.leaked), leaks.choice(\.unseen))
    let choice =
      leaks.hidden.direction(beyond: 2) == .above
      ? """
      They agree with the labels of the test set by chance, so the test error is \(fixed(cheat.mean, 0)) %; on samples that were never \
      used it is \(fixed(unseen.mean, 0)) %
      """ : "It hid nothing in this run"
    return """
      **A whitening.** \(leaks.few) images cannot determine the \(leaks.size) directions of 14×14 pixels. If \(leaks.testCount) other images \
      help to compute the whitening (ε = 0.0001), a linear classifier makes \(errorsMore(Summary(earned.values.map { -$0 }))); \
      \(whitening).

      **A choice by labels.** Give random samples random labels: there is nothing to learn. Of \(grouped(leaks.choice.features)) features a \
      classifier uses the \(leaks.choice.chosen) that agree best with the labels of training and test set together. \(choice). To keep the \
      net with the best test error of many is the same mistake. Make every choice on a validation set (chapter 7).
      """
  }
}
