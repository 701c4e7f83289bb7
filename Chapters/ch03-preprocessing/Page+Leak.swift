// The page of chapter 3: where the statistics come from.

import Workbook

extension Preprocessings {
  /// Statistics that have seen the test set.
  static func addLeaks(to page: inout Page, _ findings: Findings) {
    let (leaks, few, gains) = (findings.leaks, findings.leaks.few, findings.leaks.gains)
    page.predict(
      """
      A classifier is trained on \(few) images that were whitened (ε = 0.0001). Somebody computed the whitening from the training **and** \
      the test images, without their labels. What does that do to the error reported on the test set?
      """,
      choices: ["nothing: no labels were used", "it makes it a little worse", "it makes it look better than it is"],
      answer: gains[2].mean > 2 ? 2 : gains[2].mean < -2 ? 1 : 0,
      """
      With whitening (ε = 0.0001) the reported error is \(gains[2].formatted(decimals: 1)) points lower than with statistics of the training set alone; with two \
      channel statistics the difference is \(gains[1].formatted(decimals: 1)) points, with a mean image \
      \(gains[0].formatted(decimals: 1)).
      """)
    page.prose(
      """
      ## From the training set only

      A mean, a standard deviation, a whitening are learned, as weights are: from data. From which? A test set stands for images \
      that nobody has seen yet, so it must have no part in them. That sounds pedantic as long as the numbers are two.
      """)
    page.code("leak", in: "Leak.swift")
    page.figure(
      Figure(
        gains[2].mean > 2
          ? "A whitening that has seen the test set reports \(fixed(gains[2].mean, 0)) points of error too few, a mean image \(fixed(gains[0].mean, 1))"
          : "Statistics of the test set changed little in this run",
        .bars(
          BarChart(
            categories: LeakFindings.ways.map(\.name), y: Axis("reported test error (%)"),
            [
              .init(
                "training set only", leaks.runs.map { Summary($0.map(\.honest)).mean },
                deviation: leaks.runs.map { Summary($0.map(\.honest)).deviation },
                color: 0),
              .init(
                "training and test set", leaks.runs.map { Summary($0.map(\.leaked)).mean },
                deviation: leaks.runs.map { Summary($0.map(\.leaked)).deviation }, color: 1),
            ])),
        caption: """
          A linear classifier on \(few) images of 14×14 (\(findings.data)), tested on \(leaks.testCount), at one learning rate for all: compare the two bars of a pair, not the pairs. \(findings.overSeeds).
          """,
        name: "leak"))
    page.prose(
      """
      The size of the gap depends on how many numbers are learned, and how firmly they are believed: \(few) images cannot fix \
      \(leaks.size) directions. With ε = 0.01, which holds the doubtful ones down, the gap is \
      \(gains[3].formatted(decimals: 1)) points\
      \(abs(gains[3].mean) < gains[2].mean / 3 ? ", and the honest error is lower as well" : ""). The rule costs nothing either way.
      """)
  }

  /// Statistics of the test set itself.
  static func addCamera(to page: inout Page, _ leaks: LeakFindings) {
    page.prose(
      """
      Statistics taken from the test images themselves also answer another question than the one a user asks. Let the test \
      images come from another camera, brighter and with less contrast, $x' = \\frac{1}{2} + \\frac{x}{2}$; or let them come \
      sorted, one digit at a time:
      """)
    page.table(
      Table(
        "Test error of a linear classifier that learned from \(grouped(leaks.cameraCount)) images, mean image subtracted (%)",
        columns: ["test images", "mean image of", .init("test error (%)", digits: 1)],
        rows: [
          ("as in training", "the training set", leaks.camera(\.usual)),
          ("other camera", "the training set", leaks.camera(\.training)),
          ("other camera", "the test set", leaks.camera(\.own)),
          ("one class at a time", "that class's test images", leaks.camera(\.alone)),
        ].map { [TableCell($0.0), TableCell($0.1), .measured($0.2)] }))
    page.prose(
      """
      \(leaks.camera(\.own).mean < leaks.camera(\.training).mean - 5
        ? "In the second row the classifier fails, and the third row hides it: it needs \(grouped(leaks.testCount)) images of the new camera before it can read one."
        : "The other camera did little harm in this run.") \
      \(leaks.camera(\.alone).mean > leaks.camera(\.usual).mean + 20
        ? "In the last row the mean image is the digit itself, and subtracting it takes away what was to be recognized."
        : "") The rule that avoids all of this: fit on the training set, store the numbers with the weights, use them everywhere.
      """)
  }
}
