// The page of chapter 3: where the statistics come from.

import Workbook

extension Preprocessings {
  /// Choosing with the test set; two experiments more in a fold.
  static func addLeaks(to page: inout Page, _ findings: Findings) {
    let leaks = findings.leaks
    page.prose(
      """
      ## From the training set only

      A mean, a standard deviation, a whitening are learned from data, as weights are. From which data? A test set stands for \
      images that nobody has seen yet, so it must have no part in them. In use there are no test images to take statistics from.

      With somebody else's weights the training set is *theirs*. Most nets that can be downloaded have learned the photographs of ImageNet, \
      with a mean and a deviation for each of the channels red, green and blue. For torchvision's, bring pixels to 0 … 1, subtract \
      (0.485, 0.456, 0.406) and divide by (0.229, 0.224, 0.225). Your own photographs' statistics would be wrong there: the first \
      layer has learned weights for these numbers.

      ## A real leak

      Give random samples random labels. There is nothing to learn, and an honest classifier errs on half of them. Now let it \
      choose the \(leaks.choice.chosen) of \(grouped(leaks.choice.features)) features that agree best with the labels, once on the training \
      set and once on training and test set together. Its weights come from the training set in both cases.
      """)
    let (honest, cheat, unseen) = (leaks.choice(\.honest), leaks.choice(\.leaked), leaks.choice(\.unseen))
    page.predict(
      "The labels are coin tosses. With features chosen on training and test set, what is the test error?", unit: "%",
      within: 0.3, answer: cheat.mean,
      """
      The \(leaks.choice.chosen) chosen agree with the test labels too, by chance, for these had a vote. On samples never looked at \
      the error is \(unseen.formatted(decimals: 0)) %.
      """)
    page.project("Features chosen with the test set: what error?")
    page.figure(
      Figure(
        leaks.hidden.direction(beyond: 2) == .above
          ? "Nothing can be learned here, and the test set that helped to choose reports \(fixed(cheat.mean, 0)) % error"
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
          \(leaks.choice.count) samples in each set, \(grouped(leaks.choice.features)) random features, \(leaks.choice.chosen) chosen; \
          \(counted(leaks.choices.count, "seed")).
          """,
        name: "choice"))
    page.project(
      leaks.hidden.direction(beyond: 2) == .above
        ? "Peeking fakes an error of \(fixed(cheat.mean, 0)) % where nothing can be learned"
        : "Choosing with the test set hid nothing in this run")
    page.fold("The choice, in code") { $0.code("choose", in: "Leak.swift") }
    page.prose(
      """
      Stopping at the epoch with the best test error, or keeping the best of many nets by it, is the same mistake on a small scale. What is \
      chosen is chosen on a validation set (chapter 7).
      """)
    camera(&page, leaks)
    page.fold("Does peeking at images without labels help?") { peek(&$0, findings) }
  }

  /// Statistics that have seen the test set, and the control.
  private static func peek(_ page: inout Page, _ findings: Findings) {
    let leaks = findings.leaks
    let (leaked, earned) = (leaks.leaked(1), leaks.earned(1))
    let isLeak = leaked.direction(beyond: 2) == .above
    let held = leaks.earned(2).worded(
      above: "",
      below: " With ε = 0.01, which holds the doubtful directions down, more images even make it a little worse.",
      withinChance:
        " With ε = 0.01, which holds the doubtful directions down, more images change nothing beyond chance.")
    page.prose(
      """
      A linear classifier learns \(leaks.few) images of 14×14 pixels, whitened with ε = 0.0001, a setting chosen to make \
      the effect large: \(leaks.few) images cannot fix \(leaks.size) directions, and it errs in \
      \(fixed(leaks.errors(1, \.alone).mean, 0)) %. If the \(leaks.testCount) test images, without their labels, help to compute the \
      whitening, it errs in \(fixed(leaks.errors(1, \.withTest).mean, 0)) %. If \(leaks.testCount) *other* images help instead, it makes \
      \(errorsMore(Summary(earned.values.map { -$0 }))) than alone.
      """)
    page.figure(
      Figure(
        isLeak
          ? "Seeing the test set hides \(fixed(leaked.mean, 1)) points of error that other images do not"
          : "For whitening, statistics of the test images help no more than those of other images; here that is a better estimate rather than a leak",
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
          \(counted(leaks.runs[0].count, "seed")), bars of one standard deviation. The three bars of a group differ in what the \
          statistics are learned from\(chosenRates(leaks)).
          """,
        name: "leak"))
    if !isLeak { page.prose("A test set without its labels gives little away.\(held)") }
    page.code("leak", in: "Leak.swift")
  }

  /// From which rates each bar has its own, and how often that was an end of them.
  private static func chosenRates(_ leaks: LeakFindings) -> String {
    guard let rates = leaks.rates, rates.count > 1 else { return "" }
    let chosen = leaks.runs.joined().flatMap { $0.rates ?? [] }
    let ends = chosen.count { $0 == rates[0] || $0 == rates[rates.count - 1] }
    return
      "; each has, seed by seed, the best of the rates \(rates.map { short(Double($0)) }.joined(separator: ", ")) by \(leaks.testCount) "
      + "validation images" + (ends == 0 ? "" : " (an end of them in \(ends) of \(chosen.count) cases)")
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
            ? "That it errs a little less than the first is partly the halved contrast (last row). "
              + ((faded - leaks.camera(\.own)).direction() == .above
                ? "The last two rows differ only in whose mean image is subtracted; that of the test images themselves saves "
                  + "\(fixed((faded - leaks.camera(\.own)).mean, 1)) points\((faded - leaks.camera(\.own)).intervalNote())."
                : "The rest may be chance.")
            : "That it errs even less than the first is not the halved contrast, which alone (last row) saves nothing."
      } ?? ""
    page.prose(
      """
      ## Another camera

      A user shows one image, not hundreds at once, and it may come from another source. Let the test images come from another camera, brighter and with less contrast, $x' = \\frac{1}{2} + \\frac{x}{2}$:
      """)
    page.table(
      Table(
        "Test error of a linear classifier that learned from \(grouped(leaks.cameraCount)) images, mean image subtracted, rate 0.05, 10 epochs",
        columns: ["test images", "mean image of", .init("test error (%)", digits: 1)],
        rows: [
          ("as in training", "the training set", usual),
          ("other camera", "the training set", leaks.camera(\.training)),
          ("other camera", "the test set", leaks.camera(\.own)),
          ("as in training, halved after the mean is subtracted", "the training set", faded),
        ].compactMap { images, mean, errors in
          errors.map { [TableCell(images), TableCell(mean), .measured($0)] }
        }))
    page.prose(
      """
      \(leaks.camera(\.own).mean < leaks.camera(\.training).mean - 5
        ? "In the second row the classifier fails, and the third row hides it: it needs \(grouped(leaks.testCount)) images of the new camera before it can read one."
        : "The other camera did little harm in this run.") \
      \(contrast) \
      The rule is: fit on the training set, store the numbers with the weights, use them everywhere. It does not rescue the new \
      camera; it makes the report honest.
      """)
  }
}
