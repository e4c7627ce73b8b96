import Model from "model";
import { tell } from "shared";
import pad from "left-pad";
