// The page of chapter 3: where the statistics come from.

import Workbook

extension Preprocessings {
  /// The rule and its reason, another camera, and another matter: choosing by the labels of the test set.
  static func addLeaks(to page: inout Page, _ findings: Findings) {
    let leaks = findings.leaks
    page.prose(
      """
      ## From the training set only

      A mean, a standard deviation and a whitening are learned from data, just as weights are. Compute them on the training set, \
      store them with the weights, and use them everywhere.

      Why not include the test images? \(meanLeak(leaks)) The rule holds for another reason: in use, images come one at a time, so \
      they have no statistics of their own. They need the numbers with which the weights were learned.

      The same holds for weights that somebody else has learned: use the statistics of *their* training set. For the nets of \
      PyTorch's torchvision, which have learned the photographs of ImageNet, bring pixels to 0 … 1, subtract (0.485, 0.456, 0.406) \
      and divide by (0.229, 0.224, 0.225), one number for each of the channels red, green and blue.
      """)
    camera(&page, leaks)
    page.fold("Does it help to see test images without their labels?") { peek(&$0, findings) }
    page.fold("And if the labels of the test set take part in a choice?") { choosing(&$0, leaks) }
  }

  /// What a mean hides that has seen the test images.
  private static func meanLeak(_ leaks: LeakFindings) -> String {
    let hidden = leaks.leaked(0)
    return hidden.worded(
      above: "A mean image that has seen them hides \(fixed(hidden.mean, 1)) points of error\(hidden.intervalNote()).",
      below: "A mean image that has seen them hides no error.",
      withinChance: """
        For a mean the leak is too small to see: if the mean image of \(leaks.few) training images also includes \(leaks.testCount) test \
        images, it hides \(fixed(hidden.mean, 1)) points of error\(hidden.intervalNote()), compared with \(leaks.testCount) other images.
        """)
  }

  /// Features chosen by labels, those of the test set among them.
  private static func choosing(_ page: inout Page, _ leaks: LeakFindings) {
    page.prose(
      """
      This is another matter than statistics of pixels (chapter 7). Give random samples random labels: there is nothing to learn. A \
      classifier may use the \(leaks.choice.chosen) of \(grouped(leaks.choice.features)) features \
      that agree best with the labels. Its weights come from the training set, but the choice of features also sees the test set.
      """)
    let (honest, cheat, unseen) = (leaks.choice(\.honest), leaks.choice(\.leaked), leaks.choice(\.unseen))
    page.prose(
      """
      The \(leaks.choice.chosen) chosen features also agree with the test labels by chance, because the test labels took part in the \
      choice: the test error is \(fixed(cheat.mean, 0)) %. On samples that were never used it is \(fixed(unseen.mean, 0)) %.
      """)
    page.figure(
      Figure(
        leaks.hidden.direction(beyond: 2) == .above
          ? "Nothing can be learned here, but a test set that took part in the choice shows an error of \(fixed(cheat.mean, 0)) %"
          : "Choosing with the test set hid nothing in this run",
        .bars(
          BarChart(
            categories: ["chosen on training", "chosen on both", "chosen on both, new samples"],
            y: Axis("error (%)"),
            [
              .init(
                "error", [honest, cheat, unseen].map(\.mean), deviation: [honest, cheat, unseen].map(\.deviation),
                color: 1)
            ]
          )),
        caption: """
          \(leaks.choice.count) samples in each set. Mean and standard deviation of \(counted(leaks.choices.count, "seed")).
          """,
        name: "choice"))
    page.code("choose", in: "Leak.swift")
    page.prose(
      """
      To keep the net with the best test error of many is the same mistake on a small scale. Make every choice on a validation set \
      (chapter 7).
      """)
  }

  /// Statistics that have seen the test set, and the control.
  private static func peek(_ page: inout Page, _ findings: Findings) {
    let leaks = findings.leaks
    let (leaked, earned) = (leaks.leaked(1), leaks.earned(1))
    let isLeak = leaked.direction() == .above
    let held = leaks.earned(2).worded(
      above: "",
      below: "With ε = 0.01, which keeps the uncertain directions small, more images even make it a little worse.",
      withinChance:
        "With ε = 0.01, which keeps the uncertain directions small, more images change nothing beyond chance.")
    page.prose(
      """
      A linear classifier learns \(leaks.few) images of 14×14 pixels, whitened with ε = 0.0001. This setting makes the effect large, \
      because \(leaks.few) images cannot determine \(leaks.size) directions. The classifier gets \
      \(fixed(leaks.errors(1, \.alone).mean, 0)) % wrong. If the \(leaks.testCount) test images, without their labels, help to compute \
      the whitening, it gets \(fixed(leaks.errors(1, \.withTest).mean, 0)) % wrong. If \(leaks.testCount) *other* images help instead, it makes \
      \(errorsMore(Summary(earned.values.map { -$0 }))) than alone.\(isLeak
        ? " So a part of the gain is a better estimate, and \(fixed(leaked.mean, 1)) points\(leaked.intervalNote()) are a leak." : "")
      """)
    page.figure(
      Figure(
        isLeak
          ? "Seeing the test set hides \(fixed(leaked.mean, 1)) points of error that other images do not (whitened, ε = 0.0001)"
          : "Statistics of the test images help no more than those of other images: here it is a better estimate, not a leak",
        .bars(
          BarChart(
            categories: LeakFindings.ways.map(\.name), y: Axis("reported test error (%)"),
            [
              ("training images", \LeakRun.alone), ("and the test images", \.withTest),
              ("and as many others", \.withOthers),
            ].enumerated().map { index, pair in
              let bars = LeakFindings.ways.indices.map { leaks.errors($0) { $0[keyPath: pair.1] } }
              return .init(pair.0, bars.map(\.mean), deviation: bars.map(\.deviation), color: index)
            })),
        caption: """
          A linear classifier on \(leaks.few) images of 14×14 (\(findings.data)), tested on \(leaks.testCount); \
          mean and standard deviation of \(counted(leaks.runs[0].count, "seed")). The three bars of a group differ in the images \
          from which the statistics come\(chosenRates(leaks)).
          """,
        name: "leak"))
    let rest = (isLeak ? [] : ["A test set without its labels gives little away."]) + (held.isEmpty ? [] : [held])
    if !rest.isEmpty { page.prose(rest.joined(separator: " ")) }
  }

  /// From which rates each bar has its own, and how often that was an end of them.
  private static func chosenRates(_ leaks: LeakFindings) -> String {
    guard let rates = leaks.rates, rates.count > 1 else { return "" }
    let chosen = leaks.runs.joined().flatMap { $0.rates ?? [] }
    let ends = chosen.count { $0 == rates[0] || $0 == rates[rates.count - 1] }
    return
      "; each has, seed by seed, the best of the rates \(rates.map { short(Double($0)) }.joined(separator: ", ")) by \(leaks.testCount) "
      + "validation images" + (ends == 0 ? "" : " (the smallest or largest in \(ends) of \(chosen.count) cases)")
  }

  /// Statistics of the test set itself.
  private static func camera(_ page: inout Page, _ leaks: LeakFindings) {
    let fadings = leaks.cameras.compactMap(\.faded)
    let faded = fadings.count == leaks.cameras.count ? Summary(fadings) : nil
    let usual = leaks.camera(\.usual)
    let contrast =
      faded.map { faded in
        (usual - leaks.camera(\.own)).direction() != .above
          ? ""
          : (usual - faded).direction() == .above
            ? "The third row has even fewer errors than the first, partly because the contrast is halved (last row): halved inputs "
              + "halve w · x but not the bias, so the biases count twice as much, which happens to help here. "
              + ((faded - leaks.camera(\.own)).direction() == .above
                ? "The last two rows differ only in whose mean image is subtracted; the mean image of the test images saves "
                  + "\(fixed((faded - leaks.camera(\.own)).mean, 1)) points\((faded - leaks.camera(\.own)).intervalNote())."
                : "The rest may be chance.")
            : "The third row has even fewer errors than the first, but not because of the halved contrast, which alone (last row) saves nothing."
      } ?? ""
    let isFailure = leaks.camera(\.own).mean < leaks.camera(\.training).mean - 5
    let error = { (value: Summary) in fixed(value.mean, 0) }
    page.prose(
      """
      And if the images in use come from another camera, brighter and with less contrast, $x' = \\frac{1}{2} + \\frac{x}{2}$? \
      \(isFailure
        ? "A linear classifier then gets \(error(leaks.camera(\.training))) % of the digits wrong instead of \(error(usual)) %, if the mean image of the training set is subtracted. The mean image of \(grouped(leaks.testCount)) images of the new camera would hide this (\(error(leaks.camera(\.own))) %), but in use the first image comes alone. The error that you measure with the statistics of the training set is the error that you will have."
        : "The other camera did little harm in this run.")
      """)
    page.fold("The other camera, in numbers") { page in
      page.table(
        Table(
          "Test error of a linear classifier that has learned \(grouped(leaks.cameraCount)) images, with a mean image subtracted",
          columns: ["test images", "mean image of", .init("test error (%)", digits: 1)],
          rows: [
            ("as in training", "the training set", usual),
            ("other camera", "the training set", leaks.camera(\.training)),
            ("other camera", "the test set", leaks.camera(\.own)),
            ("as in training, halved after the mean is subtracted", "the training set", faded),
          ].compactMap { images, mean, errors in
            errors.map { [TableCell(images), TableCell(mean), .measured($0)] }
          }))
      if !contrast.isEmpty { page.prose(contrast) }
    }
  }
}
