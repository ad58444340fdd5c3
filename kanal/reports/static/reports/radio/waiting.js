// A page of the radio desk without its form: what still waits in this browser is sent from here too.
import { start } from "./line.js";

start();
