// The exercises of chapter 4, in order.

extension Catalogue {
  package static let chapter04: [any AnyExercise] = [ex04_1, ex04_2, ex04_3, ex04_4]
}
