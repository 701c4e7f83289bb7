// The exercises of chapter 1, in order.

extension Catalogue {
  package static let chapter01: [any AnyExercise] = [ex01_1, ex01_2, ex01_3, ex01_4]
}
