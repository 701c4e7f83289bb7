// The part of chapter 9 about digits that move: what equal weights are for.

import Foundation
import Workbook

extension SlidingWindow {
  /// Nets on digits that were moved after training: the three nets of the same units where they were measured, else those of
  /// the first comparison.
  static func addShifts(to page: inout Page, _ told: Findings, isRecorded: Bool) {
    let (moved, locality) = (told.movedDigits, told.locality)
    let (shifts, seeds) = (moved?.shifts ?? locality.shifts, moved?.seeds ?? told.seeds)
    let curves: [(name: String, errors: [Summary], color: Int)] =
      moved.map { [("equal weights", $0.centred[2], 0), ("dense", $0.centred[0], 1), ("windows", $0.centred[1], 2)] }
      ?? [("convolutional", locality.convolutional.shifted, 0), ("dense", locality.dense.shifted, 1)]
    let pooled = told.pooledNet.flatMap { net in
      moved.flatMap { $0.seeds == net.seeds && $0.shifts.count == net.centred.count ? net : nil }
    }
    let drawn =
      curves + (pooled.map { [(name: "equal weights, mean of each map", errors: $0.centred, color: 3)] } ?? [])
    let which =
      moved == nil ? "The convolution and the dense net with one hidden layer" : "The three small nets above"
    page.prose(
      """
      ### Trained in the middle, tested elsewhere

      \(which) have learned from digits in the middle of the image. Now we test them on digits that we have moved to the right.
      """)
    page.predict(
      """
      How does the test error of the convolution (*\(curves[0].name)*) grow as the digits move 0 to \(shifts.last ?? 4) pixels to \
      the right?
      """,
      drawing: curves[0].name,
      """
      \(curves[0].errors.map { fixed($0.mean, 0) }.joined(separator: ", ")) %. The maps of a convolution move with the digit, but \
      the dense layer after them has a weight for each place.
      """)
    func at(_ place: Int) -> String { percent(curves[place].errors[2].mean / 100) }
    page.figure(
      Figure(
        moved == nil
          ? "Moved by 2 pixels, the dense net gets \(at(1)) wrong, the convolution \(at(0))"
          : "Moved by 2 pixels, the dense net gets \(at(1)) wrong, with windows \(at(2)), with equal weights \(at(0))",
        .lines(
          LineChart(
            x: Axis("shift to the right (pixels)"), y: Axis("test error (%)"),
            drawn.map { curve in
              Series(
                curve.name, x: shifts.map(Double.init), y: curve.errors.map(\.mean),
                deviation: curve.errors.map(\.deviation), isEmphasized: curve.color == 0, color: curve.color)
            })),
        caption: """
          \(isRecorded ? "Recorded full run. " : "")No net has seen a moved digit in training (\(told.data)). Mean and standard \
          deviation of \(counted(seeds.count, "seed"))\(pooled == nil ? "" : ", each net at its own learning rate").\(moved == nil ? "" : " The nets see the digits at half size, so 2 pixels are one of theirs.")
          """,
        name: "shifted-digits"))
    if let moved {
      page.prose(
        [moved.words, pooled.flatMap { moved.words(of: $0) }, MovedDigits.advice].compactMap { $0 }.joined(
          separator: " "))
    }
  }
}
