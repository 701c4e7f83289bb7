// The exercises of chapter 10, in order.

extension Catalogue {
  package static let chapter10: [any AnyExercise] = [ex10_1, ex10_2, ex10_3, ex10_4]
}
