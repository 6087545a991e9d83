/**
 * Texts of the form of real secrets, for examples. They are put together here, so that no file of
 * this repository holds one and scanners have nothing to find.
 */
export const fakeToken = ['ghp', 'a1B2c3D4e5F6'.repeat(3)].join('_')
export const fakeRandom = ['q7Zt2Lw9', 'Xn4Rk8Vb', 'e1Ym6Pd3'].join('')
