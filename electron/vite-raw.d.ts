// Types of the build's `?raw` imports (migrations are plain SQL files bundled as text).
declare module "*.sql?raw" {
  const text: string;
  export default text;
}
