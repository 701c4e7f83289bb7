// The exercises of chapter 5, in order.

extension Catalogue {
  package static let chapter05: [any AnyExercise] = [ex05_1, ex05_2, ex05_3, ex05_4, ex05_5, ex05_6]
}
