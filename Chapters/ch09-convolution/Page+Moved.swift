// The part of chapter 9 about digits that move: what equal weights are for.

import Foundation
import Workbook

extension SlidingWindow {
  /// Nets on digits that were moved after training.
  static func addShifts(to page: inout Page, _ told: Findings) {
    page.prose("### Trained in the middle, tested elsewhere")
    if let moved = told.movedDigits { addMoved(to: &page, moved, told) } else { addMovedAtOneRate(to: &page, told) }
  }

  /// The three nets of the same units on digits that were moved after the training.
  private static func addMoved(to page: inout Page, _ moved: MovedDigits, _ told: Findings) {
    page.prose(
      """
      The three nets of the figure above have learned from digits in the middle of the image. Now we test them on digits that \
      we have moved to the right.
      """)
    let errors = moved.centred[2].map { fixed($0.mean, 0) }.joined(separator: ", ")
    page.predict(
      """
      How does the test error of the convolution (*equal weights*) grow as the digits move 0 to \(moved.shifts.last ?? 4) pixels \
      to the right?
      """,
      drawing: "equal weights",
      """
      \(errors) %. The maps of a convolution move with the digit, but the dense layer after them has learned where to look.
      """)
    func line(_ name: String, _ net: Int, _ color: Int) -> Series {
      Series(
        name, x: moved.shifts.map(Double.init), y: moved.centred[net].map(\.mean),
        deviation: moved.centred[net].map(\.deviation), isEmphasized: net == 2, color: color)
    }
    let at = moved.centred.map { percent($0[2].mean / 100) }
    page.figure(
      Figure(
        "Moved by 2 pixels, the dense net gets \(at[0]) wrong, with windows \(at[1]), with equal weights \(at[2])",
        .lines(
          LineChart(
            x: Axis("shift to the right (pixels)"), y: Axis("test error (%)"),
            [line("equal weights", 2, 0), line("dense", 0, 1), line("windows", 1, 2)])),
        caption: """
          Recorded full run. No net has seen a moved digit in training (\(told.data)). Mean and standard deviation of \
          \(counted(moved.seeds.count, "seed")). The nets see the digits at half size, so 2 pixels are one of theirs.
          """,
        name: "shifted-digits"))
    page.prose(moved.words(isAlone: told.anywhere?.first?.saving == nil))
    page.fold("How the moved digits were measured") {
      $0.prose(
        """
        \(grouped(told.separation?.trainingCount ?? 0)) training images at 14×14 pixels, \
        \(counted(told.separation?.epochs ?? 0, "epoch")), all \(grouped(told.separation?.testCount ?? 0)) test images. The digits \
        were moved at 28×28 pixels and then made smaller. Each net has the learning rate that was chosen for digits in the middle.\
        \(told.anywhere?.first?.saving == nil ? "" : " " + moved.firstTry)
        """)
    }
  }

  /// The nets of the first comparison, for a run that has no others.
  private static func addMovedAtOneRate(to page: inout Page, _ told: Findings) {
    let locality = told.locality
    let movedCount = min(LocalityExperiment.movedCount, told.testCount)
    let (convShift, denseShift) = (locality.convolutional.shifted, locality.dense.shifted)
    page.prose(
      """
      The convolution and the dense net with one hidden layer have learned from \(grouped(told.trainingCount)) digits in the \
      middle of the image, both at the learning rate \(Bench.commonRate). Now we test them on digits that we have moved to the \
      right.\(movedCount < told.testCount ? " We use the first \(grouped(movedCount)) of the \(grouped(told.testCount)) test images." : "")
      """)
    page.predict(
      "How does the convolution's test error grow as the digits move 0 to \(locality.shifts.last ?? 4) pixels to the right?",
      drawing: "convolutional",
      """
      \(convShift.map { "\(fixed($0.mean, 0))" }.joined(separator: ", ")) %. The maps of a convolution move with the digit, but the \
      dense layers after them have learned where to look.
      """)
    page.figure(
      Figure(
        "Moved by 2 pixels, the dense net gets \(percent(denseShift[2].mean / 100)) wrong, the convolution \(percent(convShift[2].mean / 100))",
        .lines(
          LineChart(
            x: Axis("shift to the right (pixels)"), y: Axis("test error (%)"),
            [
              Series(
                "convolutional", x: locality.shifts.map(Double.init), y: convShift.map(\.mean),
                deviation: convShift.map(\.deviation), isEmphasized: true, color: 0),
              Series(
                "dense", x: locality.shifts.map(Double.init), y: denseShift.map(\.mean),
                deviation: denseShift.map(\.deviation), color: 1),
            ])),
        caption: """
          No net was trained on shifted digits (\(told.data)), and both have one learning rate. Mean and standard deviation of \
          \(counted(told.seeds.count, "seed")), \(grouped(movedCount)) test images.
          """,
        name: "shifted-digits"))
  }
}
