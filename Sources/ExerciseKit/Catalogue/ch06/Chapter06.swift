// The exercises of chapter 6, in order.

extension Catalogue {
  package static let chapter06: [any AnyExercise] = [ex06_1, ex06_2, ex06_3, ex06_4]
}
