/* Stubs that call Java methods: in a fresh JVM JNI is the one way that needs nothing made first. */
#include "jni_stubs.h"

/* The JVM's limit. */
#define MAX_PARAMETERS 255

static jlong find_method(SELF, jclass type, jboolean is_static, jstring name, jstring signature) {
    const char *name_text = (*env)->GetStringUTFChars(env, name, NULL);
    const char *signature_text = name_text != NULL ? (*env)->GetStringUTFChars(env, signature, NULL) : NULL;
    jmethodID method = NULL;
    if (signature_text != NULL) {
        method = is_static ? (*env)->GetStaticMethodID(env, type, name_text, signature_text)
                           : (*env)->GetMethodID(env, type, name_text, signature_text);
        (*env)->ReleaseStringUTFChars(env, signature, signature_text);
    }
    if (name_text != NULL) {
        (*env)->ReleaseStringUTFChars(env, name, name_text);
    }
    (*env)->ExceptionClear(env);
    return (jlong)(intptr_t)method;
}

/* An argument out of the bits that Java sent, in which a float is an int. */
static jvalue argument(jbyte letter, jlong number) {
    jvalue value = {.j = number}; /* also a double, by its bits */
    switch (letter) {
    case 'I':
    case 'F':
        value.i = (jint)number;
        break;
    case 'Z':
        value.z = number != 0;
        break;
    case 'B':
        value.b = (jbyte)number;
        break;
    case 'S':
        value.s = (jshort)number;
        break;
    case 'C':
        value.c = (jchar)number;
        break;
    default:
        break;
    }
    return value;
}

#define CALL(Type) \
    (receiver != NULL ? (*env)->Call##Type##MethodA(env, receiver, method, arguments) \
                      : (*env)->CallStatic##Type##MethodA(env, type, method, arguments))

/* Calls what returns a number; the reverse of argument(). */
static jlong call_for_number(JNIEnv *env, jclass type, jmethodID method, jobject receiver, jbyte letter, const jvalue *arguments) {
    jvalue value = {.j = 0};
    switch (letter) {
    case 'I':
        return CALL(Int);
    case 'J':
        return CALL(Long);
    case 'F':
        value.f = CALL(Float);
        return value.i;
    case 'D':
        value.d = CALL(Double);
        return value.j;
    case 'Z':
        return CALL(Boolean);
    case 'B':
        return CALL(Byte);
    case 'S':
        return CALL(Short);
    default:
        return CALL(Char);
    }
}

static jobject call_method(SELF, jclass type, jlong id, jobject receiver, jbyteArray letters, jobjectArray objects, jlongArray numbers) {
    jmethodID method = (jmethodID)(intptr_t)id;
    jbyte letter[MAX_PARAMETERS + 1];
    jlong number[MAX_PARAMETERS];
    jvalue arguments[MAX_PARAMETERS];
    jint count = (*env)->GetArrayLength(env, letters) - 1;
    jbyte result;
    if (count > MAX_PARAMETERS || (*env)->EnsureLocalCapacity(env, count + 1) != JNI_OK) {
        return NULL; /* with an OutOfMemoryError; no method has more parameters */
    }
    (*env)->GetByteArrayRegion(env, letters, 0, count + 1, letter);
    (*env)->GetLongArrayRegion(env, numbers, 0, count, number);
    for (jint i = 0; i < count; i++) {
        if (letter[i] == 'L' || letter[i] == '[') {
            arguments[i].l = (*env)->GetObjectArrayElement(env, objects, i);
        } else {
            arguments[i] = argument(letter[i], number[i]);
        }
    }
    result = letter[count];
    if (result == 'N') {
        return (*env)->NewObjectA(env, type, method, arguments);
    }
    if (result == 'L' || result == '[') {
        return CALL(Object);
    }
    if (result == 'V') {
        CALL(Void);
        return NULL;
    }
    number[0] = call_for_number(env, type, method, receiver, result, arguments);
    if (!(*env)->ExceptionCheck(env)) {
        (*env)->SetLongArrayRegion(env, numbers, 0, 1, number);
    }
    return NULL;
}

static const JNINativeMethod methods[] = {
    METHOD("findMethod", "(Ljava/lang/Class;ZLjava/lang/String;Ljava/lang/String;)J", find_method),
    METHOD("callMethod", "(Ljava/lang/Class;JLjava/lang/Object;[B[Ljava/lang/Object;[J)Ljava/lang/Object;", call_method),
};

const struct jmp__table jmp__call_table = {methods, sizeof methods / sizeof methods[0]};
